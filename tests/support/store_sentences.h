#pragma once

#include <array>
#include <string_view>

namespace listenpost {

/// What customers of a restaurant type, and the letters for it.
struct StoreSentence {
    std::string_view text;
    std::string_view letters;
};

inline constexpr std::array<StoreSentence, 20> store_sentences {{
    {"服务态度很好", "fuwutaiduhenhao"},
    {"上菜太慢了", "shangcaitaimanle"},
    {"鸡肉没熟", "jiroumeishu"},
    {"饮料不够冰", "yinliaobugoubing"},
    {"洗手间很脏没有纸", "xishoujianhenzangmeiyouzhi"},
    {"等了半个小时", "denglebangexiaoshi"},
    {"服务员很热情", "fuwuyuanhenreqing"},
    {"桌子没有擦干净", "zhuozimeiyoucaganjing"},
    {"菜有点咸", "caiyoudianxian"},
    {"味道不错下次还来", "weidaobucuoxiacihailai"},
    {"汤里有头发", "tangliyoutoufa"},
    {"米饭太硬了", "mifantaiyingle"},
    {"分量太少价格太贵", "fenliangtaishaojiagetaigui"},
    {"空调太冷了", "kongtiaotailengle"},
    {"收银员态度不好", "shouyinyuantaidubuhao"},
    {"排队时间太长", "paiduishijiantaichang"},
    {"孩子很喜欢这里", "haizihenxihuanzheli"},
    {"地板很滑差点摔倒", "dibanhenhuachadianshuaidao"},
    {"牛肉面很好吃", "niuroumianhenhaochi"},
    {"希望增加素菜", "xiwangzengjiasucai"},
}};

}
