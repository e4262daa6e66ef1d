#!/usr/bin/env node
/** Copies the licence of the repository into the package before it is packed. */
import {copyFileSync} from 'node:fs';

copyFileSync(new URL('../../../../LICENSE', import.meta.url), new URL('../LICENSE', import.meta.url));
