import { Card, Empty } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { Applied, type Opened } from "../components/cart/Applied";
import { CartForm } from "../components/cart/CartForm";
import { ClauseTag } from "../components/ClauseTag";
import { PageTitle } from "../components/PageTitle";
import { Waiting } from "../components/Waiting";
import { useCart } from "../hooks/useCart";
import { useLaw } from "../hooks/useLaw";
import { openingFields } from "../words/law";

/** What the reader put aside, to be applied for in one go (CN-20.2). */
export function CartPage() {
  const cart = useCart();
  const law = useLaw();
  const [opened, setOpened] = useState<Opened[]>([]);
  return (
    <div className="form-narrow">
      <PageTitle
        title="数据车"
        aside={<ClauseTag clause="CN-20.2" />}
        note="一张表单申请多项资源，每项形成一件申请；全部有效才一并提出，有误的逐项指出。"
      />
      {opened.length > 0 && <Applied opened={opened} />}
      <Waiting query={cart}>
        {(found) =>
          found.entries === 0 ? (
            opened.length === 0 && (
              <Card>
                <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="数据车是空的">
                  <Link to="/catalog">去目录中选择</Link>
                </Empty>
              </Card>
            )
          ) : (
            <Waiting query={law}>
              {(rules) => (
                <CartForm cart={found} fields={openingFields(rules, "application", "propose")} onOpened={setOpened} />
              )}
            </Waiting>
          )
        }
      </Waiting>
    </div>
  );
}
