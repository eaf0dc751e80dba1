import { ShoppingCartOutlined } from "@ant-design/icons";
import { Badge } from "antd";
import { Link } from "react-router";
import { useCart } from "../../hooks/useCart";

/** The cart in the top bar, with how much is in it. */
export function CartBadge() {
  const count = useCart().data?.entries ?? 0;
  return (
    <Link to="/cart" className="top-bar-cart" aria-label={`数据车：${count} 项`} title="数据车">
      <Badge count={count} size="small" offset={[4, -2]}>
        <ShoppingCartOutlined />
      </Badge>
    </Link>
  );
}
