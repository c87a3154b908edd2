using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Language.Tests.Functions;

public sealed class ObjectFunctionTests
{
    public static TheoryData<string> Looks { get; } = FunctionCase.Parse("""
        ATTRIBUTES [{"foo":"bar","_key":"123","_custom":"yes"}] => ["foo","_key","_custom"]
        ATTRIBUTES [{"foo":"bar","_key":"123","_custom":"yes"}, true] => ["foo"]
        ATTRIBUTES [{"foo":"bar","_key":"123","_custom":"yes"}, false, true] => ["_custom","_key","foo"]
        ATTRIBUTES [{"b":1,"a":2,"B":3,"A":4}, false, true] => ["A","a","B","b"]
        ATTRIBUTES [{}] => []
        ATTRIBUTES [{"":1}, true] => [""]
        ATTRIBUTES [null] => null !1542
        ATTRIBUTES [[1]] => null !1542
        ATTRIBUTES ["foo"] => null !1542
        KEYS [{"z":1,"y":2}] => ["z","y"]
        KEYS [1] => null !1542
        VALUES [{"a":1,"_key":"x","b":[2]}] => [1,"x",[2]]
        VALUES [{"a":1,"_key":"x","b":null}, true] => [1,null]
        VALUES [{}] => []
        VALUES [null] => null !1542
        VALUES [[1]] => null !1542
        ENTRIES [{"a":1,"b":{"c":2}}] => [["a",1],["b",{"c":2}]]
        ENTRIES [{}] => []
        ENTRIES ["x"] => null !1542
        HAS [{"a":1}, "a"] => true
        HAS [{"a":null}, "a"] => true
        HAS [{"a":1}, "b"] => false
        HAS [{"1":1}, 1] => true
        HAS [{"":1}, null] => true
        HAS [null, "a"] => false
        HAS [[1], 0] => false
        HAS ["abc", "a"] => false
        MATCHES [{"a":1,"b":2}, {"a":1}] => true
        MATCHES [{"a":1,"b":2}, {"a":2}] => false
        MATCHES [{"a":1,"b":2}, {"a":1,"c":3}] => false
        MATCHES [{"a":1}, {}] => true
        MATCHES [{"a":1}, {"a":1.0,"b":null}] => true
        MATCHES [{"a":{"x":1,"y":2}}, {"a":{"y":2,"x":1}}] => true
        MATCHES [{"a":1,"b":2}, [{"a":3},{"b":2}]] => true
        MATCHES [{"a":1,"b":2}, [{"a":3},{"b":2}], true] => 1
        MATCHES [{"a":1,"b":2}, [{"a":3},{"b":3}], true] => -1
        MATCHES [{"a":1}, {"a":1}, true] => 0
        MATCHES [{"a":1}, {"a":2}, true] => -1
        MATCHES [null, {"a":1}] => false
        MATCHES ["x", {"a":1}, true] => -1
        MATCHES [{"a":1}, []] => false !1542
        MATCHES [{"a":1}, null] => false !1542
        MATCHES [{"a":1}, "a"] => false !1542
        MATCHES [{"a":1}, [1,{"a":1}], true] => 1 !1542
        MATCHES [{"a":1}, [1,2]] => false !1542,1542
        TRANSLATE ["FR", {"US":"United States","FR":"France"}] => "France"
        TRANSLATE [42, {"foo":"bar"}] => 42
        TRANSLATE [42, {"42":"answer"}] => "answer"
        TRANSLATE ["foo", {"x":1}, "none"] => "none"
        TRANSLATE ["foo", {"x":1}, null] => null
        TRANSLATE [null, {"":1}] => 1
        TRANSLATE [null, {}] => null
        TRANSLATE [[1], {"[1]":2}] => 2
        TRANSLATE ["a", {"a":null}, "d"] => null
        TRANSLATE ["a", null] => null !1542
        TRANSLATE ["a", [1]] => null !1542
        TRANSLATE ["a", "a"] => null !1542
        VALUE [{"a":{"b":[1,2,{"c":3}]}}, ["a","b",2,"c"]] => 3
        VALUE [{"a":[1,2,3]}, ["a",-1]] => 3
        VALUE [{"a":[1,2,3]}, ["a",3]] => null
        VALUE [{"a":[1,2,3]}, ["a",-4]] => null
        VALUE [{"a":1}, ["b","c"]] => null
        VALUE [{"a":1}, []] => null
        VALUE [{"1":"x"}, [1]] => "x"
        VALUE [{"a":[1]}, ["a","x"]] => null
        VALUE [{"a":1}, [null]] => null !1542
        VALUE [{"a":1}, "a"] => null !1542
        VALUE [null, ["a"]] => null !1542
        ZIP [["a","b"], [1,2]] => {"a":1,"b":2}
        ZIP [[], []] => {}
        ZIP [["a","b","a"], [1,null,3]] => {"a":1,"b":null}
        ZIP [[1,true,null,[2]], [1,2,3,4]] => {"1":1,"true":2,"":3,"[2]":4}
        ZIP [["a"], [1,2]] => null !1542
        ZIP ["a", [1]] => null !1542
        ZIP [["a"], null] => null !1542
        CHECK_DOCUMENT [{"a":1}] => true
        CHECK_DOCUMENT [{}] => true
        CHECK_DOCUMENT [[1]] => false
        CHECK_DOCUMENT [null] => false
        CHECK_DOCUMENT ["a"] => false
        """);

    public static TheoryData<string> Shapes { get; } = FunctionCase.Parse("""
        KEEP [{"a":1,"b":2,"c":3}, "a"] => {"a":1}
        KEEP [{"a":1,"b":2,"c":3}, "c", "a"] => {"a":1,"c":3}
        KEEP [{"a":1,"b":2,"c":3}, ["a","b"]] => {"a":1,"b":2}
        KEEP [{"a":1,"b":2,"c":3}, ["a"], "c"] => {"a":1,"c":3}
        KEEP [{"a":1}, "x"] => {}
        KEEP [{"a":1}, []] => {}
        KEEP [{"1":1,"2":2}, 1] => {"1":1}
        KEEP [{"1":1,"2":2}, [2]] => {"2":2}
        KEEP [{"a":null}, "a"] => {"a":null}
        KEEP [{"a":{"b":1}}, "a"] => {"a":{"b":1}}
        KEEP [{"a":{"b":1}}, "b"] => {}
        KEEP [null, "a"] => null !1542
        KEEP [[1], "a"] => null !1542
        KEEP [{"a":1}, null] => null !1542
        KEEP [{"a":1}, {"a":1}] => null !1542
        KEEP [{"a":1}, [["a"]]] => null !1542
        KEEP [{"a":1}, true] => null !1542
        KEEP_RECURSIVE [{"a":{"b":1,"c":2},"c":3}, "a", "c"] => {"a":{"c":2},"c":3}
        KEEP_RECURSIVE [{"a":{"b":1,"c":2},"d":{"c":3}}, "c"] => {}
        KEEP_RECURSIVE [{"a":{"b":{"a":1,"x":2}}}, ["a","b"]] => {"a":{"b":{"a":1}}}
        KEEP_RECURSIVE [{"a":[{"x":1}]}, "a"] => {"a":[{"x":1}]}
        KEEP_RECURSIVE ["a", "a"] => null !1542
        UNSET [{"a":1,"b":2,"c":3}, "a"] => {"b":2,"c":3}
        UNSET [{"a":1,"b":2,"c":3}, "a", "c"] => {"b":2}
        UNSET [{"a":1,"b":2,"c":3}, ["a","b","x"]] => {"c":3}
        UNSET [{"a":1}, "x"] => {"a":1}
        UNSET [{"a":{"a":1,"b":2}}, "b"] => {"a":{"a":1,"b":2}}
        UNSET [{"1":1,"2":2}, 1] => {"2":2}
        UNSET [null, "a"] => null !1542
        UNSET [{"a":1}, null] => null !1542
        UNSET_RECURSIVE [{"a":1,"b":{"a":2,"c":3}}, "a"] => {"b":{"c":3}}
        UNSET_RECURSIVE [{"b":{"a":{"x":1}}}, ["a"]] => {"b":{}}
        UNSET_RECURSIVE [{"b":[{"a":1}]}, "a"] => {"b":[{"a":1}]}
        UNSET_RECURSIVE [7, "a"] => null !1542
        MERGE [{"a":1}, {"b":2}] => {"a":1,"b":2}
        MERGE [{"a":1,"b":2}, {"a":3}] => {"a":3,"b":2}
        MERGE [{"a":1}, {"a":2}, {"a":null}] => {"a":null}
        MERGE [{"a":{"x":1}}, {"a":{"y":2}}] => {"a":{"y":2}}
        MERGE [{"a":1}] => {"a":1}
        MERGE [[{"a":1},{"b":2},{"a":3}]] => {"a":3,"b":2}
        MERGE [[]] => {}
        MERGE [{}, {}] => {}
        MERGE [{"a":1}, null] => null !1542
        MERGE [{"a":1}, [{"b":1}]] => null !1542
        MERGE [null] => null !1542
        MERGE [[{"a":1}, 1]] => null !1542
        MERGE [[{"a":0},{"b":1},{"c":2},{"d":3},{"e":4},{"f":5},{"g":6},{"h":7},{"i":8},{"a":9}]] => {"a":9,"b":1,"c":2,"d":3,"e":4,"f":5,"g":6,"h":7,"i":8}
        MERGE_RECURSIVE [{"a":{"x":1}}, {"a":{"y":2}}] => {"a":{"x":1,"y":2}}
        MERGE_RECURSIVE [{"a":{"x":1,"z":{"p":1}}}, {"a":{"x":2,"z":{"q":2}}}] => {"a":{"x":2,"z":{"p":1,"q":2}}}
        MERGE_RECURSIVE [{"a":{"x":1}}, {"a":5}, {"a":{"y":2}}] => {"a":{"y":2}}
        MERGE_RECURSIVE [{"a":5}, {"a":{"y":2}}] => {"a":{"y":2}}
        MERGE_RECURSIVE [{"a":{"y":2}}, {"a":null}] => {"a":null}
        MERGE_RECURSIVE [{"a":[1]}, {"a":[2]}] => {"a":[2]}
        MERGE_RECURSIVE [[{"a":{"x":1}},{"a":{"y":2}},{"b":1}]] => {"a":{"x":1,"y":2},"b":1}
        MERGE_RECURSIVE [[{"a":{"b":0}},{"a":{"c":1}},{"a":2},{"a":{"d":3}},{"a":{"e":4}},{"a":{"f":5}},{},{},{},{"a":{"d":6}}]] => {"a":{"d":6,"e":4,"f":5}}
        MERGE_RECURSIVE [{"a":1}, 1] => null !1542
        MERGE_RECURSIVE [{"a":1}] => {"a":1}
        """);

    public static TheoryData<string> Documents { get; } = FunctionCase.Parse("""
        PARSE_IDENTIFIER ["foo/bar"] => {"collection":"foo","key":"bar"}
        PARSE_IDENTIFIER [{"_id":"foo/bar"}] => {"collection":"foo","key":"bar"}
        PARSE_IDENTIFIER [{"id":"foo/bar"}] => null !1542
        PARSE_IDENTIFIER [{"_id":1}] => null !1542
        PARSE_IDENTIFIER ["foo"] => null !1542
        PARSE_IDENTIFIER ["foo/"] => null !1542
        PARSE_IDENTIFIER ["/bar"] => null !1542
        PARSE_IDENTIFIER ["foo/bar/baz"] => null !1542
        PARSE_IDENTIFIER [""] => null !1542
        PARSE_IDENTIFIER [null] => null !1542
        PARSE_IDENTIFIER [12] => null !1542
        PARSE_COLLECTION ["_users/my-user"] => "_users"
        PARSE_COLLECTION [{"_id":"a/b"}] => "a"
        PARSE_COLLECTION ["a"] => null !1542
        PARSE_COLLECTION [["a/b"]] => null !1542
        PARSE_KEY ["_users/my-user"] => "my-user"
        PARSE_KEY [{"_id":"a/b"}] => "b"
        PARSE_KEY [null] => null !1542
        IS_SAME_COLLECTION ["users", "users/my-user"] => true
        IS_SAME_COLLECTION ["users", {"_id":"users/my-user"}] => true
        IS_SAME_COLLECTION ["users", "foobar/baz"] => false
        IS_SAME_COLLECTION ["users", {"_id":"something/else"}] => false
        IS_SAME_COLLECTION ["users", "users"] => true
        IS_SAME_COLLECTION ["users", {"a":1}] => null !1542
        IS_SAME_COLLECTION ["users", null] => null !1542
        IS_SAME_COLLECTION [1, "users/1"] => null !1542
        IS_SAME_COLLECTION ["users", ["users/1"]] => null !1542
        DECODE_REV [""] => null !1542
        DECODE_REV [null] => null !1542
        DECODE_REV [1234] => null !1542
        DECODE_REV ["_zzzzzzzzzzz"] => null !1542
        DECODE_REV ["foo"] => null !1542
        DOCUMENT ["animals/fox"] => {"_id":"animals/fox","_key":"fox","legs":4}
        DOCUMENT ["animals/cow"] => null
        DOCUMENT ["nothing/fox"] => null
        DOCUMENT ["fox"] => null
        DOCUMENT [""] => null
        DOCUMENT ["animals/"] => null
        DOCUMENT ["animals/fox/x"] => null
        DOCUMENT [null] => null
        DOCUMENT [1] => null
        DOCUMENT [{"_id":"animals/fox"}] => null
        DOCUMENT [["plants/foxglove", "animals/cow", 1, null, "animals/hen"]] => [{"_id":"plants/foxglove","_key":"foxglove"},{"_id":"animals/hen","_key":"hen","legs":2}]
        DOCUMENT [[]] => []
        DOCUMENT ["animals", "fox"] => {"_id":"animals/fox","_key":"fox","legs":4}
        DOCUMENT ["animals", "animals/fox"] => {"_id":"animals/fox","_key":"fox","legs":4}
        DOCUMENT ["animals", "plants/foxglove"] => null
        DOCUMENT ["animals", "cow"] => null
        DOCUMENT ["animals", ["hen", "animals/fox", "plants/foxglove", "cow"]] => [{"_id":"animals/hen","_key":"hen","legs":2},{"_id":"animals/fox","_key":"fox","legs":4}]
        DOCUMENT ["animals", []] => []
        DOCUMENT ["animals", null] => null
        DOCUMENT ["nothing", "fox"] => null
        DOCUMENT ["nothing", ["fox"]] => []
        DOCUMENT [1, "fox"] => null
        COLLECTION_COUNT ["animals"] => 2
        COLLECTION_COUNT ["plants"] => 1
        COLLECTION_COUNT ["nothing"] => error 1203
        COLLECTION_COUNT [1] => null !1542
        COLLECTION_COUNT [null] => null !1542
        COLLECTIONS [] => [{"_id":"7","name":"animals"},{"_id":"8","name":"plants"}]
        """);

    [Theory, MemberData(nameof(Looks))]
    public void Looking_into_objects_gives(string line) => FunctionCase.Run(line);

    [Theory, MemberData(nameof(Shapes))]
    public void Reshaping_objects_gives(string line) => FunctionCase.Run(line);

    [Theory, MemberData(nameof(Documents))]
    public void Documents_give(string line) => FunctionCase.Run(line);

    [Fact]
    public void A_revision_tells_its_time_and_counter()
    {
        var stamp = new RevisionStamp(new HybridTimestamp(((ulong)FunctionTestContext.Now.ToUnixTimeMilliseconds() << 16) + 7), 3);

        var decoded = FunctionCase.Call(new FunctionTestContext(), "DECODE_REV", $"[\"{stamp}\"]");

        Assert.Equal("""{"date":"2024-05-17T12:30:15.250Z","count":7}""", JsonValueWriter.ToJsonString(decoded));
    }

    [Fact]
    public void Merging_many_small_objects_takes_no_time_to_speak_of()
    {
        var objects = string.Join(',', Enumerable.Range(0, 50_000).Select(i => $$"""{"k{{i}}":{{i}}}"""));

        var merged = FunctionCase.Call(new FunctionTestContext(), "MERGE", $"[[{objects}]]");

        Assert.Equal(50_000, merged.Attributes.Count);
        Assert.Equal(49_999, merged.GetAttribute("k49999"u8).Integer);
    }
}
