package gateway

import "github.com/shuqiao/shuqiao/internal/org"

// checkSystem asks whether the system may be connected at this moment: not
// disabled, and with a valid classified-protection assessment on file (XN-21).
func (g *Gateway) checkSystem(c *call) error { return org.SystemReady(c.sys.System, c.at) }
