// Package browser uses the console in a real browser as its users do.
package browser
