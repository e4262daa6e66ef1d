package org.askfirst.index;

import org.askfirst.declaration.Statement;

/**
 * A statement that reaches an asked subject.
 *
 * @param subject the declared subject that matched, canonical
 * @param exact false if the declared subject is another one, kept under this one too; the entry says which
 */
public record Match(Statement statement, String subject, boolean exact) {}
