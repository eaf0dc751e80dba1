package wire

// TOTPState says whether sign-in asks for a one-time code.
type TOTPState struct {
	Enrolled bool `json:"enrolled" doc:"是否已绑定动态口令"`
}

// EditPerson changes an account.
type EditPerson struct {
	Name     string   `json:"name" doc:"姓名"`
	Roles    []string `json:"roles" enum:"clerk,office_head,department_head,supervisor,engineer,auditor,admin" doc:"角色"`
	Disabled bool     `json:"disabled" doc:"是否停用"`
	Version  int      `json:"version" minimum:"1" doc:"所见修订号；他人已修改时拒绝"`
}
