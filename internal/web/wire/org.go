package wire

import "time"

// Region is one node of the region tree.
type Region struct {
	Code   string `json:"code" doc:"区划代码：县级以上 6 位，乡级 9 位，村级 12 位" example:"130100"`
	Name   string `json:"name" doc:"名称" example:"石家庄市"`
	Parent string `json:"parent,omitempty" doc:"上级区划代码"`
	Level  string `json:"level" enum:"nation,province,city,county,township,village" doc:"级别"`
}

// RegionList is the regions right below one.
type RegionList struct {
	Items []Region `json:"items" doc:"下级区划"`
}

// SharingOffice is the unit that does a department's sharing work (CN-11).
type SharingOffice struct {
	Name    string     `json:"name" doc:"机构名称"`
	Head    string     `json:"head" doc:"负责人（人员编号）"`
	Leader  string     `json:"leader" doc:"分管领导（人员编号）"`
	Manager string     `json:"manager" doc:"日常管理人员（人员编号）"`
	Contact string     `json:"contact" doc:"联系方式（办公电话）"`
	FiledAt *time.Time `json:"filed_at,omitempty" doc:"备案时间"`
}

// FileSharingOffice files or changes a sharing office. What is missing is
// told by the service, all at once and with the clause.
type FileSharingOffice struct {
	Name    string `json:"name,omitempty" doc:"机构名称（CN-11）"`
	Head    string `json:"head,omitempty" doc:"负责人，人员编号（CN-11）"`
	Leader  string `json:"leader,omitempty" doc:"分管领导，人员编号（XN-23）"`
	Manager string `json:"manager,omitempty" doc:"日常管理人员，人员编号（XN-23）"`
	Contact string `json:"contact,omitempty" doc:"联系方式，办公电话（CN-11）"`
}

// Department is an organisation under the regulation (CN-2, CN-43).
type Department struct {
	ID            string         `json:"id" doc:"部门编号"`
	Name          string         `json:"name" doc:"名称"`
	USCC          string         `json:"uscc" doc:"统一社会信用代码"`
	Region        string         `json:"region" doc:"所属政府的区划代码"`
	Kind          string         `json:"kind" enum:"department,authorised,other_state_organ" doc:"类别：政府部门、法律法规授权的组织、其他国家机关"`
	Sector        string         `json:"sector,omitempty" doc:"系统（行业）"`
	Parent        string         `json:"parent,omitempty" doc:"上级部门编号"`
	SharingOffice *SharingOffice `json:"sharing_office,omitempty" doc:"共享工作机构；未备案时没有此项"`
	Version       int            `json:"version" doc:"修订号"`
	CreatedAt     time.Time      `json:"created_at" doc:"登记时间"`
}

// DepartmentList is one page of departments.
type DepartmentList struct {
	Items []Department `json:"items" doc:"部门"`
	Next  string       `json:"next,omitempty" doc:"还有下一页时，作为 after 传回"`
}

// NewDepartment registers a department.
type NewDepartment struct {
	Name   string `json:"name" doc:"名称，不超过 100 字"`
	USCC   string `json:"uscc" doc:"统一社会信用代码（18 位，含校验码）"`
	Region string `json:"region" doc:"所属政府的区划代码"`
	Kind   string `json:"kind" enum:"department,authorised,other_state_organ" doc:"类别"`
	Sector string `json:"sector,omitempty" doc:"系统（行业）"`
	Parent string `json:"parent,omitempty" doc:"上级部门编号"`
}

// SetAuthority names the data-sharing authority of a region's government (CN-8).
type SetAuthority struct {
	Department string `json:"department" doc:"担任主管部门的部门编号"`
}

// Authority is a computed authority.
type Authority struct {
	Department Department `json:"department" doc:"政务数据共享主管部门"`
}

// Person is somebody with an account.
type Person struct {
	ID         string    `json:"id" doc:"人员编号"`
	Department string    `json:"department" doc:"部门编号"`
	Name       string    `json:"name" doc:"姓名"`
	Username   string    `json:"username" doc:"用户名"`
	Roles      []string  `json:"roles" doc:"角色"`
	Disabled   bool      `json:"disabled" doc:"是否停用"`
	Version    int       `json:"version" doc:"修订号"`
	CreatedAt  time.Time `json:"created_at" doc:"开户时间"`
}

// PersonList is the people of a department.
type PersonList struct {
	Items []Person `json:"items" doc:"人员"`
}

// NewPerson opens an account.
type NewPerson struct {
	Name     string   `json:"name" doc:"姓名"`
	Username string   `json:"username" doc:"用户名：以小写字母开头，2 至 32 个小写字母、数字和 . _ -"`
	Password string   `json:"password" maxLength:"256" doc:"初始口令" format:"password"`
	Roles    []string `json:"roles" enum:"clerk,office_head,department_head,supervisor,engineer,auditor,admin" doc:"角色：经办人、共享工作机构负责人、部门负责人、主管部门审核人员、系统对接人员、审计人员、平台管理员"`
}
