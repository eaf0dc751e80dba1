package wire

// Health says whether the node lives, or is ready to serve.
type Health struct {
	Status string `json:"status" enum:"ok" doc:"状态"`
}

// Build says what is running.
type Build struct {
	Version string `json:"version" doc:"版本"`
	Node    string `json:"node,omitempty" doc:"节点名称"`
}

// ConsistencyProof proves that the ledger of size From is a prefix of the one
// of size To (RFC 6962).
type ConsistencyProof struct {
	From   uint64   `json:"from" doc:"较小的树的叶子数"`
	To     uint64   `json:"to" doc:"较大的树的叶子数"`
	Hashes []string `json:"hashes" doc:"证明的散列值（base64）"`
}
