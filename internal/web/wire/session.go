package wire

// SignIn asks for a session.
type SignIn struct {
	Username string `json:"username" minLength:"1" maxLength:"64" doc:"用户名"`
	Password string `json:"password" minLength:"1" maxLength:"256" doc:"口令" format:"password"`
	TOTP     string `json:"totp,omitempty" maxLength:"8" doc:"动态口令（6 位数字）；已绑定动态口令的账号必填"`
}

// Session is a session just begun.
type Session struct {
	Token      string     `json:"token" doc:"会话令牌；程序可放在 Authorization: Bearer 中使用，浏览器由 Cookie 携带"`
	Person     Person     `json:"person" doc:"登录人"`
	Department Department `json:"department" doc:"所在部门"`
	Roles      []string   `json:"roles" doc:"角色"`
	Territory  string     `json:"territory,omitempty" doc:"本部门担任政务数据共享主管部门的区划代码；不担任时没有此项"`
}

// Me says who is signed in.
type Me struct {
	Person     Person     `json:"person" doc:"登录人"`
	Department Department `json:"department" doc:"所在部门"`
	Roles      []string   `json:"roles" doc:"角色"`
	Territory  string     `json:"territory,omitempty" doc:"本部门担任政务数据共享主管部门的区划代码；不担任时没有此项"`
}

// ChangePassword replaces one's own password.
type ChangePassword struct {
	Old string `json:"old" minLength:"1" maxLength:"256" doc:"现口令" format:"password"`
	New string `json:"new" minLength:"1" maxLength:"256" doc:"新口令" format:"password"`
}

// TOTPEnrolment is a secret to be taken over by an authenticator.
type TOTPEnrolment struct {
	URI string `json:"uri" doc:"otpauth 地址；只出现这一次"`
}

// ConfirmTOTP ends an enrolment with a first code.
type ConfirmTOTP struct {
	Code string `json:"code" minLength:"6" maxLength:"8" doc:"动态口令（6 位数字）"`
}
