package gateway

import (
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// checkGrant asks whether the grant exists for this system and is in force at
// this moment. A grant of another department is told apart from none at all
// only in the record.
func (g *Gateway) checkGrant(c *call) error {
	grant, err := c.snap.grant(c.ctx, c.target.grant)
	if err != nil {
		return err
	}
	c.granted(grant)
	if grant.Consumer != c.sys.Department {
		return grantNotFound()
	}
	if !grant.systems[c.sys.ID] {
		return fault.New(fault.Forbidden, "system_not_in_grant", "该系统不在授权列明的系统之内。").Under("CN-25.1")
	}
	switch grant.StatusAt(c.at) {
	case sharing.Active:
	case sharing.Waiting:
		return outOfForce("grant_not_yet", "授权尚未生效。", "CN-20.2")
	case sharing.Suspended:
		return outOfForce("grant_suspended", "授权已被暂停。", "CN-27.2")
	case sharing.Terminated:
		return outOfForce("grant_terminated", "授权已终止。", "CN-27.1")
	case sharing.Expired:
		return outOfForce("grant_expired", "授权期限已届满。", "CN-25.1")
	default: // a state that this code does not know lets nothing through
		return outOfForce("grant_not_in_force", "授权不在有效状态。", "CN-25.1")
	}
	if grant.Method != catalog.ServiceAPI {
		return fault.New(fault.Forbidden, "method_not_granted", "该授权的共享方式不是服务接口。").Under("CN-22")
	}
	return nil
}

func outOfForce(code, message, basis string) error {
	return fault.New(fault.Forbidden, code, message).Under(basis)
}

func grantNotFound() error {
	return fault.New(fault.NotFound, "grant_not_found", "没有找到授权。").Under("CN-25.1")
}
