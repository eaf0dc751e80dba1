// Package access lets people in: sign-in with password (argon2id) and one-time
// code (TOTP, RFC 6238), lock-out after repeated failures, and sessions whose
// token is kept only as a hash. It tells nobody whether an account exists:
// an unknown user, a wrong password, a locked and a disabled account answer
// alike and take equally long.
package access
