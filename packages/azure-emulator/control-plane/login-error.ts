/** Entra's refusal of a sign-in. */
export interface LoginError {
  readonly status: number;
  readonly error: string;
  readonly code: number;
  readonly text: string;
}
