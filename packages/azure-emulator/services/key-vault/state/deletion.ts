/** When something was deleted and when it ends for good, in seconds since 1970. */
export interface Deletion {
  readonly deletedDate: number;
  readonly scheduledPurgeDate: number;
}
