package wire

import "time"

// NegativeEntry is one line of the negative list (HB-11).
type NegativeEntry struct {
	ID               string    `json:"id" doc:"条目编号"`
	Resource         string    `json:"resource" doc:"资源编号"`
	Name             string    `json:"name" doc:"目录名称"`
	Provider         string    `json:"provider" doc:"提供部门编号"`
	Region           string    `json:"region" doc:"提供部门的区划代码"`
	Authority        string    `json:"authority" doc:"审核的主管部门编号"`
	Reason           string    `json:"reason" doc:"不予共享的理由"`
	LegalBasis       string    `json:"legal_basis" doc:"依据：名称与条款"`
	ApprovalNumber   string    `json:"approval_number" doc:"本级人民政府批准文号"`
	ApprovedOn       string    `json:"approved_on" doc:"批准日期"`
	ApprovalDocument string    `json:"approval_document" doc:"批准文件的 SHA-256"`
	Case             string    `json:"case" doc:"案件编号"`
	ListedAt         time.Time `json:"listed_at" doc:"列入时间"`
}

// NegativeList is one page of the negative list.
type NegativeList struct {
	Items []NegativeEntry `json:"items" doc:"负面清单条目"`
	Next  string          `json:"next,omitempty" doc:"还有下一页时，作为 after 传回"`
}

// Source is a designated source department (CN-19.2).
type Source struct {
	ID           string    `json:"id" doc:"编号"`
	Element      string    `json:"element" doc:"标准数据元代码"`
	Name         string    `json:"name" doc:"数据元名称"`
	Department   string    `json:"department" doc:"数源部门编号"`
	Authority    string    `json:"authority" doc:"明确数源部门的主管部门编号"`
	Region       string    `json:"region" doc:"主管部门的区划代码"`
	Case         string    `json:"case" doc:"案件编号"`
	DesignatedAt time.Time `json:"designated_at" doc:"明确的时间"`
}

// SourceList lists source departments.
type SourceList struct {
	Items []Source `json:"items" doc:"数源部门"`
}

// ElementItem is a published item of a standard element.
type ElementItem struct {
	Resource      string `json:"resource" doc:"资源编号"`
	ResourceName  string `json:"resource_name" doc:"目录名称"`
	Provider      string `json:"provider" doc:"提供部门编号"`
	Code          string `json:"code" doc:"数据项英文名"`
	Name          string `json:"name" doc:"数据项名称"`
	Authoritative bool   `json:"authoritative" doc:"是否标为权威来源"`
}

// Undesignated is a standard element without a source department.
type Undesignated struct {
	Element     string        `json:"element" doc:"标准数据元代码"`
	Departments []string      `json:"departments" doc:"提供此数据元的部门编号"`
	Items       []ElementItem `json:"items" doc:"含此数据元的数据项"`
}

// UndesignatedList lists the elements that await a source department.
type UndesignatedList struct {
	Items []Undesignated `json:"items" doc:"尚未明确数源部门的标准数据元"`
}

// CollectionDuty is one line of a collection-responsibility list (HB-10).
type CollectionDuty struct {
	ID         string    `json:"id" doc:"编号"`
	Department string    `json:"department" doc:"采集责任部门编号"`
	Name       string    `json:"name" doc:"采集内容"`
	Element    string    `json:"element,omitempty" doc:"标准数据元代码"`
	Resource   string    `json:"resource,omitempty" doc:"来自的资源编号；主管部门增加的没有此项"`
	Frequency  string    `json:"frequency,omitempty" doc:"更新频率"`
	Case       string    `json:"case" doc:"案件编号"`
	DecidedAt  time.Time `json:"decided_at" doc:"确定时间"`
}

// CollectionDuties is the list of one department.
type CollectionDuties struct {
	Items []CollectionDuty `json:"items" doc:"采集责任清单"`
}

// Exemption is a filed interval of a resource that is not collected in real
// time (XN-13).
type Exemption struct {
	ID            string    `json:"id" doc:"编号"`
	Resource      string    `json:"resource" doc:"资源编号"`
	Name          string    `json:"name" doc:"目录名称"`
	Provider      string    `json:"provider" doc:"提供部门编号"`
	Region        string    `json:"region" doc:"区划代码"`
	Reason        string    `json:"reason" doc:"不能实时汇聚的原因"`
	IntervalHours int       `json:"interval_hours" doc:"汇聚间隔（小时）"`
	Case          string    `json:"case" doc:"案件编号"`
	FiledAt       time.Time `json:"filed_at" doc:"备案时间"`
}

// ExemptionList lists exemptions.
type ExemptionList struct {
	Items []Exemption `json:"items" doc:"非实时汇聚的备案"`
}

// Library is a base or theme library (HB-13).
type Library struct {
	ID        string     `json:"id" doc:"编号，即案件编号"`
	Kind      string     `json:"kind" enum:"base,theme" doc:"基础库或主题库"`
	Domain    string     `json:"domain" doc:"领域或主题"`
	Name      string     `json:"name" doc:"名称"`
	Lead      string     `json:"lead" doc:"牵头部门编号"`
	Region    string     `json:"region" doc:"区划代码"`
	Resources []string   `json:"resources" doc:"归入的资源编号；列表中为空，查看单个时列出"`
	CreatedAt time.Time  `json:"created_at" doc:"建立时间"`
	EndedAt   *time.Time `json:"ended_at,omitempty" doc:"撤销时间"`
}

// LibraryList lists libraries.
type LibraryList struct {
	Items []Library `json:"items" doc:"基础库和主题库"`
}

// AssetFinding is how far one data asset of a project is.
type AssetFinding struct {
	Asset      string `json:"asset" doc:"数据资产"`
	Resource   string `json:"resource,omitempty" doc:"登记为的资源编号"`
	Code       string `json:"code,omitempty" doc:"资源代码"`
	Registered bool   `json:"registered" doc:"是否已登记（发布）"`
	Collected  bool   `json:"collected" doc:"是否已汇聚（有数据，或者服务有成功调用）"`
	Why        string `json:"why,omitempty" doc:"缺什么"`
}

// ProjectDocument is a numbered document about a project (XN-14, XN-10).
type ProjectDocument struct {
	ID         string         `json:"id" doc:"文书编号，即出具它的一步的存证编号"`
	Number     string         `json:"number" doc:"文号" example:"验收-2026-000001"`
	Kind       string         `json:"kind" enum:"acceptance,refusal,funding_opinion" doc:"种类：准予验收、不予验收、经费意见"`
	Case       string         `json:"case" doc:"项目案件编号"`
	Department string         `json:"department" doc:"项目部门编号"`
	Title      string         `json:"title" doc:"项目名称"`
	Favourable bool           `json:"favourable" doc:"结论是否肯定"`
	Authority  string         `json:"authority" doc:"出具的主管部门"`
	Purpose    string         `json:"purpose,omitempty" doc:"经费用途"`
	Opinion    string         `json:"opinion,omitempty" doc:"意见"`
	Basis      []string       `json:"basis" doc:"依据条款"`
	Findings   []AssetFinding `json:"findings" doc:"各项数据资产的情况"`
	Digest     string         `json:"digest" doc:"文书内容的 SHA-256"`
	IssuedAt   time.Time      `json:"issued_at" doc:"出具时间"`
}

// ProjectDocumentList is one page of documents.
type ProjectDocumentList struct {
	Items []ProjectDocument `json:"items" doc:"文书"`
	Next  string            `json:"next,omitempty" doc:"还有下一页时，作为 after 传回"`
}
