/** The version of this client, with which it compares the least version that a snapshot demands. */
export const VERSION = '0.1.0';
