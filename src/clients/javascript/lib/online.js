export class Online {}
export class PrivateLookups {}
