import { ShoppingCartOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { Link } from "react-router";
import { problemOf } from "../../api/problem";
import { useCart, usePutIntoCart } from "../../hooks/useCart";
import { useMe } from "../../hooks/useMe";

/** Puts an entry aside to apply for with others; leads to the cart once it is there. */
export function AddToCart({ resource, provider }: { resource: string; provider: string }) {
  const me = useMe().data;
  const may = Boolean(me && me.department.id !== provider && (me.roles.includes("clerk") || me.roles.includes("office_head")));
  const cart = useCart(may);
  const put = usePutIntoCart();
  const { message } = App.useApp();
  if (!may) return null;
  if (cart.data?.groups.some(({ lines }) => lines.some((line) => line.resource === resource))) {
    return (
      <Link to="/cart">
        <Button icon={<ShoppingCartOutlined />}>已在数据车中</Button>
      </Link>
    );
  }
  return (
    <Button
      icon={<ShoppingCartOutlined />}
      loading={put.isPending}
      onClick={() =>
        put.mutate(
          { resource, choice: {} },
          {
            onSuccess: () => void message.success("已放入数据车"),
            onError: (error) => {
              const problem = problemOf(error);
              void message.error([problem.message, ...problem.fields.map((fault) => fault.message)].join("："));
            },
          },
        )
      }
    >
      放入数据车
    </Button>
  );
}
