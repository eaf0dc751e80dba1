package demo

// codesEntry is the catalog entry of the hosted resource: region codes.
func codesEntry() map[string]any {
	return map[string]any{
		"name": "行政区划代码", "class_code": "3010010001", "abstract": "全省各级行政区划的代码、名称、上级和级别,到村(社区)。",
		"format_kind": "database", "format": "数据库", "frequency": "yearly", "attribute": "unconditional", "methods": []string{"service_api"},
		"use_conditions": "无", "scope_of_use": "所有政府部门履行职责", "purposes": []string{"履行职责需要"},
		"level": "general_1", "collection": "hosted_copy", "source_system": "区划地名管理", "duty_basis": "《行政区划管理条例》第四条",
		"contact": "0311-80000001", "open_attribute": "open",
		"items": []map[string]any{
			item("code", "区划代码", 12, "6、9或12位数字", "按统计用区划代码", map[string]any{"key": true, "element": "DE-QHDM", "english_name": "region code"}),
			item("name", "区划名称", 100, "文字", "规范名称", nil),
			item("parent", "上级区划代码", 12, "6、9或12位数字", "上一级的区划代码", map[string]any{"nullable": true, "english_name": "code of the region above"}),
			item("level", "级别", 16, "枚举", "province、city、county、township、village", map[string]any{"domain": map[string]any{"values": []map[string]any{
				{"code": "province", "name": "省"}, {"code": "city", "name": "市"}, {"code": "county", "name": "县"},
				{"code": "township", "name": "乡"}, {"code": "village", "name": "村"}}}}),
		},
	}
}

// peopleEntry is the catalog entry of the linked service: synthetic people.
func peopleEntry(upstream string) map[string]any {
	pi := func(sensitivity string) map[string]any {
		return map[string]any{"level": "general_4", "sensitivity": sensitivity, "masked": true}
	}
	key := pi("resident_id")
	key["key"] = true
	return map[string]any{
		"name": "常住人口基本信息(演示)", "class_code": "1010010002", "abstract": "演示用虚构人员的姓名、身份证号、住址等。",
		"format_kind": "service", "format": "服务接口", "frequency": "realtime", "attribute": "conditional", "methods": []string{"service_api"},
		"use_conditions": "依法履行职责确有需要,按批准的用途逐笔查询", "scope_of_use": "医疗保障、民政、人力资源社会保障部门",
		"purposes":    []string{"参保身份核验", "社会救助对象核验"},
		"legal_basis": "《中华人民共和国户口登记条例》第三条", "level": "general_4", "personal_info": true, "category": "人口管理",
		"collection": "linked_service", "upstream": map[string]any{"url": upstream, "timeout_seconds": 5},
		"source_system": "人口信息管理", "duty_basis": "《中华人民共和国户口登记条例》第三条",
		"contact": "0311-80000004", "open_attribute": "not_open",
		"items": []map[string]any{
			item("id_number", "公民身份号码", 18, "18位", "GB 11643", key),
			item("name", "姓名", 50, "文字", "", pi("person_name")),
			item("sex", "性别", 3, "男、女", "", map[string]any{"level": "general_3", "sensitivity": "other_personal",
				"domain": map[string]any{"values": []map[string]any{{"code": "男"}, {"code": "女"}}}}),
			item("birth_date", "出生日期", 10, "YYYY-MM-DD", "", map[string]any{"level": "general_3", "sensitivity": "other_personal", "type": "D"}),
			item("phone", "联系电话", 11, "11位", "", pi("phone")),
			item("address", "住址", 200, "文字", "", pi("address")),
			item("region", "区划代码", 6, "6位数字", "", map[string]any{"element": "DE-QHDM"}),
		},
	}
}

func item(code, name string, length int, format, description string, more map[string]any) map[string]any {
	if description == "" {
		description = name
	}
	m := map[string]any{"code": code, "name": name, "type": "C", "length": length, "format": format, "description": description, "level": "general_1"}
	for k, v := range more {
		m[k] = v
	}
	return m
}
