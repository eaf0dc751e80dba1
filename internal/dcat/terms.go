package dcat

// Namespace of the terms that DCAT lacks; docs/dcat.md says what each means.
// It is the same on every node, so that harvested entries can be compared.
const Namespace = "urn:shuqiao:terms#"

// prefix is a namespace with the short name that both serialisations use.
type prefix struct{ name, iri string }

var prefixes = []prefix{
	{"adms", "http://www.w3.org/ns/adms#"},
	{"as", "https://www.w3.org/ns/activitystreams#"},
	{"csvw", "http://www.w3.org/ns/csvw#"},
	{"dcat", "http://www.w3.org/ns/dcat#"},
	{"dct", "http://purl.org/dc/terms/"},
	{"foaf", "http://xmlns.com/foaf/0.1/"},
	{"hydra", "http://www.w3.org/ns/hydra/core#"},
	{"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
	{"skos", "http://www.w3.org/2004/02/skos/core#"},
	{"sq", Namespace},
	{"vcard", "http://www.w3.org/2006/vcard/ns#"},
	{"xsd", "http://www.w3.org/2001/XMLSchema#"},
}

// kind says what the values of a property are. A property has one kind, so
// that the JSON-LD context can say it once for all documents.
type kind uint8

const (
	text    kind = iota // literal in Chinese
	plain               // literal without language
	moment              // xsd:dateTime
	boolean             // xsd:boolean
	integer             // xsd:integer
	ref                 // resource: IRI or node
	list                // ordered list of resources
)

// property is a term of the JSON-LD context: its name there and the property
// that it stands for.
type property struct {
	term, name string
	kind       kind
}

// class likewise.
type class struct{ term, name string }

// The properties that are used, in the order of the context.
var (
	title       = &property{"title", "dct:title", text}
	description = &property{"description", "dct:description", text}
	identifier  = &property{"identifier", "dct:identifier", plain}
	publisher   = &property{"publisher", "dct:publisher", ref}
	dctType     = &property{"dctType", "dct:type", ref}
	issued      = &property{"issued", "dct:issued", moment}
	modified    = &property{"modified", "dct:modified", moment}
	rights      = &property{"rights", "dct:rights", ref}
	access      = &property{"accessRights", "dct:accessRights", ref}
	periodicity = &property{"accrualPeriodicity", "dct:accrualPeriodicity", ref}
	language    = &property{"language", "dct:language", ref}
	spatial     = &property{"spatial", "dct:spatial", ref}
	conformsTo  = &property{"conformsTo", "dct:conformsTo", ref}
	relation    = &property{"relation", "dct:relation", ref}
	format      = &property{"format", "dct:format", ref}

	dataset       = &property{"dataset", "dcat:dataset", ref}
	service       = &property{"service", "dcat:service", ref}
	distribution  = &property{"distribution", "dcat:distribution", ref}
	contactPoint  = &property{"contactPoint", "dcat:contactPoint", ref}
	keyword       = &property{"keyword", "dcat:keyword", text}
	theme         = &property{"theme", "dcat:theme", ref}
	themeTaxonomy = &property{"themeTaxonomy", "dcat:themeTaxonomy", ref}
	landingPage   = &property{"landingPage", "dcat:landingPage", ref}
	version       = &property{"version", "dcat:version", plain}
	versionNotes  = &property{"versionNotes", "adms:versionNotes", text}
	accessURL     = &property{"accessURL", "dcat:accessURL", ref}
	accessService = &property{"accessService", "dcat:accessService", ref}
	endpointURL   = &property{"endpointURL", "dcat:endpointURL", ref}
	servesDataset = &property{"servesDataset", "dcat:servesDataset", ref}

	name      = &property{"name", "foaf:name", text}
	homepage  = &property{"homepage", "foaf:homepage", ref}
	fn        = &property{"fn", "vcard:fn", text}
	telephone = &property{"hasTelephone", "vcard:hasTelephone", ref}
	label     = &property{"label", "rdfs:label", text}
	prefLabel = &property{"prefLabel", "skos:prefLabel", text}
	notation  = &property{"notation", "skos:notation", plain}
	inScheme  = &property{"inScheme", "skos:inScheme", ref}

	columns    = &property{"column", "csvw:column", list}
	columnName = &property{"columnName", "csvw:name", plain}
	columnText = &property{"columnTitle", "csvw:title", text}
	datatype   = &property{"datatype", "csvw:datatype", ref}
	required   = &property{"required", "csvw:required", boolean}
	primaryKey = &property{"primaryKey", "csvw:primaryKey", plain}

	view         = &property{"view", "hydra:view", ref}
	first        = &property{"first", "hydra:first", ref}
	nextProperty = &property{"next", "hydra:next", ref}
	firstPage    = &property{"firstPage", "hydra:firstPage", ref}
	nextPage     = &property{"nextPage", "hydra:nextPage", ref}
	itemsPerPage = &property{"itemsPerPage", "hydra:itemsPerPage", integer}

	orderedItems = &property{"orderedItems", "as:orderedItems", list}
	asNext       = &property{"nextItems", "as:next", ref}
	asPartOf     = &property{"partOf", "as:partOf", ref}
	asObject     = &property{"object", "as:object", ref}
	asPublished  = &property{"published", "as:published", moment}
	asDeleted    = &property{"deleted", "as:deleted", moment}
	asFormerType = &property{"formerType", "as:formerType", ref}
	asSummary    = &property{"summary", "as:summary", text}

	feed             = &property{"feed", "sq:feed", ref}
	dump             = &property{"dump", "sq:dump", ref}
	upToDate         = &property{"upToDate", "sq:upToDate", boolean}
	classCode        = &property{"classCode", "sq:classCode", plain}
	sharingAttribute = &property{"sharingAttribute", "sq:sharingAttribute", plain}
	sharingMethod    = &property{"sharingMethod", "sq:sharingMethod", plain}
	openAttribute    = &property{"openAttribute", "sq:openAttribute", plain}
	collectionMode   = &property{"collection", "sq:collection", plain}
	dataLevel        = &property{"dataLevel", "sq:dataLevel", plain}
	personalInfo     = &property{"personalInformation", "sq:personalInformation", boolean}
	useConditions    = &property{"useConditions", "sq:useConditions", text}
	scopeOfUse       = &property{"scopeOfUse", "sq:scopeOfUse", text}
	purpose          = &property{"purpose", "sq:purpose", text}
	legalBasis       = &property{"legalBasis", "sq:legalBasis", text}
	dutyBasis        = &property{"dutyBasis", "sq:dutyBasis", text}
	withheldReason   = &property{"withheldReason", "sq:withheldReason", text}
	sourceSystem     = &property{"sourceSystem", "sq:sourceSystem", text}
	dataFormat       = &property{"dataFormat", "sq:dataFormat", text}
	itemFormat       = &property{"itemFormat", "sq:itemFormat", text}
	itemLength       = &property{"itemLength", "sq:itemLength", integer}
	itemDecimals     = &property{"itemDecimals", "sq:itemDecimals", integer}
	englishName      = &property{"englishName", "sq:englishName", plain}
	dataElement      = &property{"dataElement", "sq:dataElement", plain}
	sensitivity      = &property{"sensitivity", "sq:sensitivity", plain}
	masked           = &property{"masked", "sq:masked", boolean}
	authoritative    = &property{"authoritativeSource", "sq:authoritativeSource", boolean}
	valueScheme      = &property{"valueScheme", "sq:valueScheme", text}
)

var properties = []*property{
	title, description, identifier, publisher, dctType, issued, modified, rights, access, periodicity, language, spatial, conformsTo, relation, format,
	dataset, service, distribution, contactPoint, keyword, theme, themeTaxonomy, landingPage, version, versionNotes, accessURL, accessService, endpointURL, servesDataset,
	name, homepage, fn, telephone, label, prefLabel, notation, inScheme,
	columns, columnName, columnText, datatype, required, primaryKey,
	view, first, nextProperty, firstPage, nextPage, itemsPerPage,
	orderedItems, asNext, asPartOf, asObject, asPublished, asDeleted, asFormerType, asSummary,
	feed, dump, upToDate, classCode, sharingAttribute, sharingMethod, openAttribute, collectionMode, dataLevel, personalInfo, useConditions, scopeOfUse,
	purpose, legalBasis, dutyBasis, withheldReason, sourceSystem, dataFormat, itemFormat, itemLength, itemDecimals, englishName, dataElement, sensitivity,
	masked, authoritative, valueScheme,
}

// The classes that are used.
var (
	catalogClass      = &class{"Catalog", "dcat:Catalog"}
	datasetClass      = &class{"Dataset", "dcat:Dataset"}
	serviceClass      = &class{"DataService", "dcat:DataService"}
	distributionClass = &class{"Distribution", "dcat:Distribution"}
	agentClass        = &class{"Agent", "foaf:Agent"}
	organizationClass = &class{"Organization", "foaf:Organization"}
	documentClass     = &class{"Document", "foaf:Document"}
	kindClass         = &class{"Kind", "vcard:Kind"}
	locationClass     = &class{"Location", "dct:Location"}
	frequencyClass    = &class{"Frequency", "dct:Frequency"}
	rightsClass       = &class{"RightsStatement", "dct:RightsStatement"}
	languageClass     = &class{"LinguisticSystem", "dct:LinguisticSystem"}
	standardClass     = &class{"Standard", "dct:Standard"}
	extentClass       = &class{"MediaTypeOrExtent", "dct:MediaTypeOrExtent"}
	conceptClass      = &class{"Concept", "skos:Concept"}
	schemeClass       = &class{"ConceptScheme", "skos:ConceptScheme"}
	schemaClass       = &class{"Schema", "csvw:Schema"}
	columnClass       = &class{"Column", "csvw:Column"}
	pagedClass        = &class{"PagedCollection", "hydra:PagedCollection"}
	partialClass      = &class{"PartialCollectionView", "hydra:PartialCollectionView"}
	itemsPageClass    = &class{"OrderedCollectionPage", "as:OrderedCollectionPage"}
	createClass       = &class{"Create", "as:Create"}
	updateClass       = &class{"Update", "as:Update"}
	deleteClass       = &class{"Delete", "as:Delete"}
	tombstoneClass    = &class{"Tombstone", "as:Tombstone"}
)

var classes = []*class{
	catalogClass, datasetClass, serviceClass, distributionClass, agentClass, organizationClass, documentClass, kindClass, locationClass, frequencyClass,
	rightsClass, languageClass, standardClass, extentClass, conceptClass, schemeClass, schemaClass, columnClass, pagedClass, partialClass, itemsPageClass,
	createClass, updateClass, deleteClass, tombstoneClass,
}
