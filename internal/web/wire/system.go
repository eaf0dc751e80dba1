package wire

import "time"

// MLPS is a classified-protection assessment (等保测评) on file (XN-21).
type MLPS struct {
	Level      int       `json:"level" doc:"等级：二级至五级（XN-21）"`
	ReportNo   string    `json:"report_no" doc:"测评报告编号"`
	AssessedBy string    `json:"assessed_by" doc:"测评机构"`
	ValidUntil time.Time `json:"valid_until" doc:"有效期至"`
}

// Credential is a public key that a system proves itself with. Nothing secret
// is kept.
type Credential struct {
	ID        string     `json:"id" doc:"凭证编号"`
	System    string     `json:"system" doc:"系统编号"`
	Kind      string     `json:"kind" enum:"cert,jwk" doc:"类别：双向 TLS 证书、客户端断言公钥"`
	Thumb     string     `json:"thumb" doc:"公钥指纹（SHA-256，base64url）"`
	NotAfter  time.Time  `json:"not_after" doc:"失效时间"`
	RevokedAt *time.Time `json:"revoked_at,omitempty" doc:"吊销时间"`
	CreatedAt time.Time  `json:"created_at" doc:"登记时间"`
}

// NewCredential registers a public key: a certificate or a JWK.
type NewCredential struct {
	Kind     string     `json:"kind" enum:"cert,jwk" doc:"类别：cert 须填 pem，jwk 须填 jwk"`
	PEM      string     `json:"pem,omitempty" maxLength:"16384" doc:"一份 PEM 证书；不得含私钥"`
	JWK      string     `json:"jwk,omitempty" maxLength:"16384" doc:"一个公钥 JWK 的 JSON 文本；不得含私钥"`
	NotAfter *time.Time `json:"not_after,omitempty" doc:"公钥的失效时间，至多两年；缺省一年。证书以其自身为准"`
}

// System is a consuming or providing information system of a department.
type System struct {
	ID          string       `json:"id" doc:"系统编号"`
	Department  string       `json:"department" doc:"部门编号"`
	Name        string       `json:"name" doc:"名称"`
	MLPS        *MLPS        `json:"mlps,omitempty" doc:"等保测评备案；未备案时没有此项"`
	DisabledAt  *time.Time   `json:"disabled_at,omitempty" doc:"停用时间"`
	Credentials []Credential `json:"credentials" doc:"凭证"`
	Version     int          `json:"version" doc:"修订号"`
	CreatedAt   time.Time    `json:"created_at" doc:"登记时间"`
}

// SystemList is the systems of a department.
type SystemList struct {
	Items []System `json:"items" doc:"系统"`
}

// NewSystem registers a system of the signed-in person's department.
type NewSystem struct {
	Name string `json:"name" doc:"名称"`
	MLPS *MLPS  `json:"mlps,omitempty" doc:"等保测评备案；可以以后再报"`
}
