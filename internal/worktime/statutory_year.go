package worktime

// Statutory is the year as the law alone arranges it, whether or not its
// notice is loaded: the holidays that no notice can take away.
func (c *Calendar) Statutory(year int) YearData { return c.statutes.year(year) }
