/**
 * The feed: all entries since a position, as a list or as a live stream.
 *
 * <p>Start reading at {@link org.askfirst.registry.feed.LiveChanges}.
 */
@NullMarked
package org.askfirst.registry.feed;

import org.jspecify.annotations.NullMarked;
