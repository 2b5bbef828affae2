/** Exit code of a check that could not be made because a server didn't answer: neither passed nor failed. */
export const NOT_ANSWERED = 75; // EX_TEMPFAIL
