package gateway

import "github.com/shuqiao/shuqiao/internal/contractor"

// checkContractor asks, of a system that a contractor operates, whether an
// entrustment in force covers the grant at this moment, and marks the call with
// it (CN-36): access dies with the entrustment.
func (g *Gateway) checkContractor(c *call) error {
	mark, err := contractor.Standing(c.sys.entrusted, c.grant.ID, c.at)
	c.facts.Contractor = mark
	return err
}
