package wire

import "time"

// SearchPart is a piece of a text that is shown.
type SearchPart struct {
	Text string `json:"text" doc:"文字"`
	Hit  bool   `json:"hit,omitempty" doc:"是否命中,命中的高亮显示"`
}

// SearchItem is a data item that matched.
type SearchItem struct {
	Name []SearchPart `json:"name" doc:"数据项名称"`
	Code []SearchPart `json:"code" doc:"数据项英文名"`
}

// SearchHit is a catalog entry that was found.
type SearchHit struct {
	Resource     string       `json:"resource" doc:"资源编号"`
	State        string       `json:"state" enum:"published,draft,submitted" doc:"已发布、编制中、审核中;后两者只有本部门和同级主管部门可见"`
	Version      int          `json:"version" doc:"版本号"`
	Code         []SearchPart `json:"code" doc:"信息资源代码"`
	Name         []SearchPart `json:"name" doc:"信息资源名称"`
	Abstract     []SearchPart `json:"abstract" doc:"摘要中命中处前后的文字"`
	Provider     string       `json:"provider" doc:"提供部门编号"`
	ProviderName []SearchPart `json:"provider_name" doc:"提供部门名称"`
	Region       string       `json:"region" doc:"提供部门的区划代码"`
	RegionName   string       `json:"region_name" doc:"区划名称"`
	Class        string       `json:"class_code,omitempty" doc:"分类码"`
	Attribute    string       `json:"attribute,omitempty" doc:"共享属性"`
	Methods      []string     `json:"methods" doc:"共享方式"`
	FormatKind   string       `json:"format_kind,omitempty" doc:"信息资源格式分类"`
	Frequency    string       `json:"frequency,omitempty" doc:"更新周期"`
	Level        string       `json:"level,omitempty" doc:"数据级别"`
	Linked       string       `json:"linked,omitempty" doc:"归集方式;空为未挂接"`
	Quality      *float64     `json:"quality,omitempty" doc:"最近一次质量检测的得分,0 至 100;没有则未测"`
	Items        int          `json:"items" doc:"数据项个数"`
	MatchedItems int          `json:"matched_items" doc:"命中的数据项个数"`
	ItemHits     []SearchItem `json:"item_hits" doc:"命中的数据项,最多五个"`
	At           time.Time    `json:"at" doc:"发布(未发布的为编制)时间"`
}

// SearchCount is how many hits have a value of a facet.
type SearchCount struct {
	Value string `json:"value" doc:"取值,可作为检索条件传回;none 为没有"`
	Label string `json:"label" doc:"中文名称"`
	Count int    `json:"count" doc:"条数"`
}

// SearchFacet is a facet of the result.
type SearchFacet struct {
	Name   string        `json:"name" enum:"region,provider,class,attribute,method,linked,level,format_kind,frequency,quality,state" doc:"分面"`
	Label  string        `json:"label" doc:"中文名称"`
	Counts []SearchCount `json:"counts" doc:"各取值的条数:其他条件之内,不受本分面条件的影响;区划和分类为所选的下一级,含其所有下级"`
	More   int           `json:"more,omitempty" doc:"没有列出的取值个数"`
}

// SearchResult is one page of a search.
type SearchResult struct {
	Total      int           `json:"total" doc:"条数"`
	TotalExact bool          `json:"total_exact" doc:"条数和各分面计数是否精确;三字以上的词候选很多时,计数可能含少量未逐条核对的候选,列出的条目都经核对"`
	Hits       []SearchHit   `json:"hits" doc:"本页条目;代码或名称相同的在前,其次名称命中的,同等的以新者在前"`
	Facets     []SearchFacet `json:"facets" doc:"分面及计数,只计有权知悉的条目"`
	Next       string        `json:"next,omitempty" doc:"还有下一页时,作为 cursor 传回"`
	Split      []string      `json:"split,omitempty" doc:"整词没有结果时,实际检索的各部分"`
	Synonyms   []string      `json:"synonyms,omitempty" doc:"一并检索的同义词"`
	TookMS     float64       `json:"took_ms" doc:"检索用时,毫秒"`
}

// SearchStatus tells how the search index of this node is.
type SearchStatus struct {
	State     string     `json:"state" enum:"ready,building" doc:"可用、建立中"`
	Documents int        `json:"documents" doc:"已收录的目录版本数"`
	Done      int        `json:"done,omitempty" doc:"正在建立时:已处理的资源数"`
	Of        int        `json:"of,omitempty" doc:"正在建立时:资源总数"`
	CaughtUp  *time.Time `json:"caught_up,omitempty" doc:"最近一次追上目录变更的时间"`
}
