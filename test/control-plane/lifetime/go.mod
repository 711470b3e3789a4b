module slipway/control-plane/lifetime

go 1.24.0
