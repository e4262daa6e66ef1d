import type {Filter, FilterOptions} from './filter.js';

export interface FilterCopyOptions extends FilterOptions {
  /** The address (http, https) or the folder of the snapshot. */
  source: string;
  /** A folder for a copy, which no snapshot uses. Without it the filters are in memory alone. */
  copy?: string;
  /**
   * The time without progress after which a server is given up; 60 by default. A filter waits for as long while another
   * process updates the copy.
   */
  stallSeconds?: number;
}

/** Opens the filters of a registry. @throws Refused if there is nothing from which it may answer */
export function openFilter(options: FilterCopyOptions): Promise<Filter>;
