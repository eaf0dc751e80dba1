// Package dispute settles disputes between a consumer and a provider (CN-28,
// HB-15.3) over a case or a grant: negotiation, then the same-level authority
// or, across levels and regions, the common superior one, then that
// authority's government. What became binding is carried out here: a refused
// application is ordered to be met, a grant is restored, or things stay as
// they are. The stages and steps are in law/cn-809/dispute.yaml.
package dispute
