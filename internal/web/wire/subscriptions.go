package wire

import "time"

// NoticeSubscription is where a department's notices are sent besides the
// inbox.
type NoticeSubscription struct {
	ID        string    `json:"id" doc:"订阅编号"`
	Channel   string    `json:"channel" enum:"email,webhook" doc:"方式：电子邮件、消息推送"`
	Address   string    `json:"address" doc:"电子邮件地址，或者HTTPS地址"`
	Secret    string    `json:"secret,omitempty" doc:"消息推送的签名密钥；只在订阅时给出一次"`
	CreatedAt time.Time `json:"created_at" doc:"订阅时间"`
}

// NoticeSubscriptionList is those of a department.
type NoticeSubscriptionList struct {
	Items []NoticeSubscription `json:"items" doc:"订阅"`
}

// NewNoticeSubscription subscribes the signed-in person's department.
type NewNoticeSubscription struct {
	Channel string `json:"channel" enum:"email,webhook" doc:"方式：电子邮件、消息推送"`
	Address string `json:"address" maxLength:"1000" doc:"电子邮件地址，或者HTTPS地址"`
}

// NoticeDelivery is one notice to one subscription.
type NoticeDelivery struct {
	ID           string     `json:"id" doc:"送达编号；重复发送时不变，随消息一并给出"`
	Notice       string     `json:"notice" doc:"通知编号"`
	Subscription string     `json:"subscription" doc:"订阅编号"`
	State        string     `json:"state" enum:"waiting,sent,dead" doc:"状态：待发送、已送达、已放弃"`
	Attempts     int        `json:"attempts" doc:"已尝试次数"`
	NextAt       *time.Time `json:"next_at,omitempty" doc:"下一次尝试的时间"`
	Failure      string     `json:"failure,omitempty" doc:"最近一次失败的原因代码"`
	CreatedAt    time.Time  `json:"created_at" doc:"进入队列的时间"`
	EndedAt      *time.Time `json:"ended_at,omitempty" doc:"送达或者放弃的时间"`
}

// NoticeDeliveryList is a page of them.
type NoticeDeliveryList struct {
	Items []NoticeDelivery `json:"items" doc:"送达情况"`
	Next  string           `json:"next,omitempty" doc:"下一页的起点；没有下一页时没有此项"`
}
