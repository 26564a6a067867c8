package io.github.visitorcounter.embeddedstack.lambda.handlers;

import com.amazonaws.services.lambda.runtime.Context;

import java.util.List;

/** Its event type, a list, is declared by its superclass only. */
public class OrderHandler extends ListHandler<OrderHandler.Line, Integer> {

    public static final class Line {
        private String item = "";
        private int pieces;

        public String getItem() {
            return item;
        }

        public void setItem(String item) {
            this.item = item;
        }

        public int getPieces() {
            return pieces;
        }

        public void setPieces(int pieces) {
            this.pieces = pieces;
        }
    }

    @Override
    public Integer handleRequest(List<Line> order, Context context) {
        return order.stream().mapToInt(Line::getPieces).sum();
    }
}
