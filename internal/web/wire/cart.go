package wire

import "time"

// CartCondition narrows the rows of one resource.
type CartCondition struct {
	Item   string   `json:"item" minLength:"1" maxLength:"64" doc:"数据项"`
	Op     string   `json:"op" enum:"eq,in,prefix" doc:"比较方式"`
	Values []string `json:"values" minItems:"1" maxItems:"1000" doc:"取值"`
}

// CartChoice is what was chosen of one resource; what is left out comes from
// the common form.
type CartChoice struct {
	Items      []string        `json:"items,omitempty" maxItems:"500" doc:"数据项代码"`
	ClearItems []string        `json:"clear_items,omitempty" maxItems:"500" doc:"需要明文的数据项代码"`
	Rows       []CartCondition `json:"rows,omitempty" maxItems:"50" doc:"数据范围"`
	Method     string          `json:"method,omitempty" enum:"service_api,batch_exchange,file_download" doc:"共享方式"`
	Mode       string          `json:"mode,omitempty" enum:"query,verify" doc:"调用方式"`
}

// CartNote says what stands against an entry, or should be thought of.
type CartNote struct {
	Field   string `json:"field" doc:"字段"`
	Code    string `json:"code" doc:"代码"`
	Message string `json:"message" doc:"说明"`
	Basis   string `json:"basis,omitempty" doc:"依据条款编号"`
	Blocks  bool   `json:"blocks" doc:"不改正就不能申请"`
	About   string `json:"about,omitempty" doc:"所指的授权或者办件编号"`
}

// CartItem is a data item that may be chosen.
type CartItem struct {
	Code      string `json:"code" doc:"代码"`
	Name      string `json:"name" doc:"名称"`
	Masked    bool   `json:"masked" doc:"一般脱敏提供"`
	Attribute string `json:"attribute,omitempty" doc:"数据项自己的共享属性"`
}

// CartLine is an entry of the cart as it stands now.
type CartLine struct {
	Resource  string     `json:"resource" doc:"目录条目编号"`
	Code      string     `json:"code,omitempty" doc:"目录条目代码"`
	Name      string     `json:"name,omitempty" doc:"目录条目名称"`
	Attribute string     `json:"attribute,omitempty" doc:"共享属性"`
	Purposes  []string   `json:"purposes" doc:"目录列明的使用用途；空为不限"`
	Methods   []string   `json:"methods" doc:"共享方式"`
	Offered   []CartItem `json:"offered" doc:"可以选择的数据项"`
	Choice    CartChoice `json:"choice" doc:"已选的内容"`
	Ready     bool       `json:"ready" doc:"可以申请"`
	Notes     []CartNote `json:"notes" doc:"不能申请的原因和需要留意的情况"`
	AddedAt   time.Time  `json:"added_at" doc:"放入的时间"`
}

// CartGroup is the entries of one provider.
type CartGroup struct {
	Provider     string     `json:"provider,omitempty" doc:"提供部门编号"`
	ProviderName string     `json:"provider_name,omitempty" doc:"提供部门名称"`
	Lines        []CartLine `json:"lines" doc:"目录条目"`
}

// Cart is all that the signed-in person has put aside.
type Cart struct {
	Groups  []CartGroup `json:"groups" doc:"按提供部门分组"`
	Entries int         `json:"entries" doc:"条目数"`
	Ready   int         `json:"ready" doc:"其中可以申请的"`
	// Bound: a catalog entry in the cart limits the purposes.
	Bound    bool     `json:"purposes_bound" doc:"有条目限定使用用途，只能用 purposes 所列的；没有共同的须分别填写"`
	Purposes []string `json:"purposes" doc:"限定使用用途的各条目共同允许的使用用途"`
}

// CartApplication is one form for entries of the cart.
type CartApplication struct {
	Procedure string                    `json:"procedure,omitempty" enum:"application,application_via_authority,cross_level_application" doc:"申请的方式；缺省为 application"`
	Fields    map[string]any            `json:"fields,omitempty" doc:"共同的内容：依据、场景、范围、用途、时限、系统等"`
	Own       map[string]map[string]any `json:"own,omitempty" doc:"各目录条目编号到与共同内容不同之处"`
	Resources []string                  `json:"resources,omitempty" maxItems:"100" doc:"申请哪些；缺省为全部"`
	Propose   bool                      `json:"propose,omitempty" doc:"同时报共享工作机构负责人"`
}
