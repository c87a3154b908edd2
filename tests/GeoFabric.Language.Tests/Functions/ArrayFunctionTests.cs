namespace GeoFabric.Language.Tests.Functions;

public sealed class ArrayFunctionTests
{
    public static TheoryData<string> Reads { get; } = FunctionCase.Parse("""
        LENGTH [[1, 2, 3]] => 3
        LENGTH [[]] => 0
        LENGTH [{"a":1,"b":2}] => 2
        LENGTH ["äöü🦊"] => 4
        LENGTH [""] => 0
        LENGTH [-12.5] => 5
        LENGTH [7] => 1
        LENGTH [true] => 1
        LENGTH [false] => 0
        LENGTH [null] => 0
        COUNT [[null]] => 1
        COUNT ["abc"] => 3
        FIRST [[1, 2]] => 1
        FIRST [[]] => null
        FIRST ["ab"] => null !1563
        FIRST [null] => null !1563
        LAST [[1, 2]] => 2
        LAST [[]] => null
        LAST [{}] => null !1563
        NTH [["a", "b", "c"], 1] => "b"
        NTH [["a", "b", "c"], 3] => null
        NTH [["a", "b", "c"], -1] => null
        NTH [["a", "b", "c"], 1.9] => "b"
        NTH [["a", "b", "c"], -0.5] => null
        NTH [["a", "b", "c"], "2"] => "c"
        NTH [["a", "b", "c"], null] => "a"
        NTH [["a", "b", "c"], 1e300] => null
        NTH ["abc", 1] => null !1563
        POSITION [[2, 4, 6], 4] => true
        POSITION [[2, 4, 6], 4.0, true] => 1
        POSITION [[2, 4, 6], "4"] => false
        POSITION [[2, 4, 6], 5, true] => -1
        POSITION [[], null] => false
        POSITION [[[1], {"a":1,"b":2}], {"b":2,"a":1}, true] => 1
        POSITION ["abc", "a"] => null !1563
        CONTAINS_ARRAY [[null], null] => true
        CONTAINS_ARRAY [null, null] => null !1563
        REVERSE [[1, 2, 3]] => [3,2,1]
        REVERSE [[]] => []
        REVERSE ["aäo🦊"] => "🦊oäa"
        REVERSE [""] => ""
        REVERSE [null] => null !1563
        REVERSE [12] => null !1563
        SLICE [[1, 2, 3, 4, 5], 0, 1] => [1]
        SLICE [[1, 2, 3, 4, 5], 1, 2] => [2,3]
        SLICE [[1, 2, 3, 4, 5], 3] => [4,5]
        SLICE [[1, 2, 3, 4, 5], 1, -1] => [2,3,4]
        SLICE [[1, 2, 3, 4, 5], 0, -2] => [1,2,3]
        SLICE [[1, 2, 3, 4, 5], -3, 2] => [3,4]
        SLICE [[1, 2, 3, 4, 5], -3, -1] => [3,4]
        SLICE [[1, 2, 3, 4, 5], -10, 2] => [1,2]
        SLICE [[1, 2, 3, 4, 5], 0, 0] => []
        SLICE [[1, 2, 3, 4, 5], 9] => []
        SLICE [[1, 2, 3, 4, 5], 1, -10] => []
        SLICE [[1, 2, 3, 4, 5], 1, 9223372036854775807] => [2,3,4,5]
        SLICE [[1, 2, 3, 4, 5], -9223372036854775808, -9223372036854775808] => []
        SLICE [[1, 2], "1"] => [2]
        SLICE ["abc", 1] => null !1542
        SLICE [null, 1] => null !1542
        FLATTEN [[1, 2, [3, 4], 5, [6, 7], [8, [9, 10]]]] => [1,2,3,4,5,6,7,8,[9,10]]
        FLATTEN [[1, 2, [3, 4], 5, [6, 7], [8, [9, 10]]], 2] => [1,2,3,4,5,6,7,8,9,10]
        FLATTEN [[[1, [2]]], 0] => [1,[2]]
        FLATTEN [[[1, [2]]], -5] => [1,[2]]
        FLATTEN [[[1, [2, [3]]]], 1e300] => [1,2,3]
        FLATTEN [[[], {}, [null]]] => [{},null]
        FLATTEN [{}] => null !1563
        INTERLEAVE [[1, 1, 1], [2, 2, 2], [3, 3, 3]] => [1,2,3,1,2,3,1,2,3]
        INTERLEAVE [[1], [2, 2], [3, 3, 3]] => [1,2,3,2,3,3]
        INTERLEAVE [[], []] => []
        INTERLEAVE [[1], 2] => null !1542
        SORTED [[8, 4, 2, 10, 6]] => [2,4,6,8,10]
        SORTED [["b", "A", "a", "B", 1, null, true, [], {}]] => [null,true,1,"A","a","B","b",[],{}]
        SORTED [[]] => []
        SORTED [null] => null
        SORTED ["ba"] => null
        SORTED [[9007199254740993, 9007199254740992]] => [9007199254740992,9007199254740993]
        SORTED_UNIQUE [[8, 4, 2, 10, 6, 2, 8, 6, 4]] => [2,4,6,8,10]
        SORTED_UNIQUE [[{"b":1,"a":1}, {"a":1,"b":1}]] => [{"b":1,"a":1}]
        SORTED_UNIQUE [[]] => []
        SORTED_UNIQUE [1] => null
        """);

    public static TheoryData<string> Sets { get; } = FunctionCase.Parse("""
        UNIQUE [[1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 5]] => [1,2,3,4,5]
        UNIQUE [[1, 1.0, "1", true, null, [1], [1, null], {"a":null}, {}]] => [1,"1",true,null,[1],{"a":null}]
        UNIQUE [["a", "A", "á"]] => ["a","A","á"]
        UNIQUE [[]] => []
        UNIQUE [null] => null !1563
        UNIQUE ["aa"] => null !1563
        COUNT_DISTINCT [[1, 2, 1, 1.0]] => 2
        COUNT_DISTINCT [[]] => 0
        COUNT_DISTINCT [1] => null !1542
        COUNT_UNIQUE [[{"a":1}, {"a":1}]] => 1
        COUNT_UNIQUE [null] => null !1542
        UNION [[1, 2, 3], [1, 2]] => [1,2,3,1,2]
        UNION [[], [], [1]] => [1]
        UNION [[1], null] => null !1542
        UNION [{}, []] => null !1542
        UNION_DISTINCT [[1, 2, 3], [1, 2]] => [1,2,3]
        UNION_DISTINCT [["b", "a"], ["a", "c"], ["b"]] => ["b","a","c"]
        UNION_DISTINCT [[1], "1"] => null !1542
        INTERSECTION [[1, 2, 3, 4, 5], [2, 3, 4, 5, 6], [3, 4, 5, 6, 7]] => [3,4,5]
        INTERSECTION [[2, 4, 6], [8, 10, 12], [14, 16, 18]] => []
        INTERSECTION [[1, 1, 2], [1.0, 1]] => [1]
        INTERSECTION [[1], 1] => null !1542
        OUTERSECTION [[1, 2, 3], [2, 3, 4], [3, 4, 5]] => [1,5]
        OUTERSECTION [[1, 1], [2]] => [1,2]
        OUTERSECTION [[1], [1]] => []
        OUTERSECTION [[1], false] => null !1542
        MINUS [[1, 2, 3, 4], [3, 4, 5, 6], [5, 6, 7, 8]] => [1,2]
        MINUS [[1, 1, 2], []] => [1,2]
        MINUS [[], [1]] => []
        MINUS [[null], [null]] => []
        MINUS [null, [1]] => null !1542
        JACCARD [[1, 2, 3, 4], [3, 4, 5, 6]] => 0.3333333333333333
        JACCARD [[1, 1, 2, 2, 2, 3], [2, 2, 3, 4]] => 0.5
        JACCARD [[1, 2, 3], []] => 0
        JACCARD [[], []] => 1
        JACCARD [[1], 1] => null !1542
        MINHASH [[], 3] => []
        MINHASH ["a", 3] => null !1542
        MINHASH [[1], 0] => null !1542
        MINHASH [[1], "1"] => null !1542
        MINHASH_COUNT [0.05] => 400
        MINHASH_COUNT [0.1] => 100
        MINHASH_COUNT [0.3] => 12
        MINHASH_COUNT [0] => null !1542
        MINHASH_COUNT [null] => null !1542
        MINHASH_ERROR [400] => 0.05
        MINHASH_ERROR [4] => 0.5
        MINHASH_ERROR [0] => null !1542
        MINHASH_ERROR ["4"] => null !1542
        """);

    public static TheoryData<string> Edits { get; } = FunctionCase.Parse("""
        APPEND [[1, 2, 3], [5, 6, 9]] => [1,2,3,5,6,9]
        APPEND [[1, 2, 3], [3, 4, 5, 2, 9], true] => [1,2,3,4,5,9]
        APPEND [[1, 1], [2], true] => [1,2]
        APPEND [[1], 2] => [1,2]
        APPEND [[1], {"a":1}] => [1,{"a":1}]
        APPEND [[1, 2], 2, true] => [1,2]
        APPEND [[1], null] => [1]
        APPEND [null, [1, 1], true] => [1,1]
        APPEND [null, null] => null
        APPEND ["a", [1]] => null !1542
        APPEND [{}, [1]] => null !1542
        PUSH [[1, 2, 3], 4] => [1,2,3,4]
        PUSH [[1, 2, 2, 3], 2, true] => [1,2,2,3]
        PUSH [[1], [2, 3]] => [1,[2,3]]
        PUSH [[1], null] => [1,null]
        PUSH [null, 1] => [1]
        PUSH ["a", 1] => null !1542
        UNSHIFT [[1, 2, 3], 4] => [4,1,2,3]
        UNSHIFT [[1, 2, 3], 2, true] => [1,2,3]
        UNSHIFT [[1, 2, 3], 9, true] => [9,1,2,3]
        UNSHIFT [null, 4] => [4]
        UNSHIFT [1, 4] => null !1542
        POP [[1, 2, 3, 4]] => [1,2,3]
        POP [[1]] => []
        POP [[]] => []
        POP [null] => null
        POP ["a"] => null !1542
        SHIFT [[1, 2, 3, 4]] => [2,3,4]
        SHIFT [[1]] => []
        SHIFT [[]] => []
        SHIFT [null] => null
        SHIFT [{}] => null !1542
        REMOVE_NTH [["a", "b", "c", "d", "e"], 1] => ["a","c","d","e"]
        REMOVE_NTH [["a", "b", "c", "d", "e"], -2] => ["a","b","c","e"]
        REMOVE_NTH [["a", "b"], 2] => ["a","b"]
        REMOVE_NTH [["a", "b"], -3] => ["a","b"]
        REMOVE_NTH [["a", "b"], -9223372036854775808] => ["a","b"]
        REMOVE_NTH [null, 1] => []
        REMOVE_NTH ["a", 1] => null !1542
        REMOVE_VALUE [["a", "b", "b", "a", "c"], "a"] => ["b","b","c"]
        REMOVE_VALUE [["a", "b", "b", "a", "c"], "a", 1] => ["b","b","a","c"]
        REMOVE_VALUE [["a", "a"], "a", 0] => ["a","a"]
        REMOVE_VALUE [["a", "a"], "a", -1] => []
        REMOVE_VALUE [["a", "a"], "a", null] => []
        REMOVE_VALUE [[1, null, 1.0], 1] => [null]
        REMOVE_VALUE [null, 1] => []
        REMOVE_VALUE [{}, 1] => null !1542
        REMOVE_VALUES [["a", "a", "b", "c", "d", "e", "f"], ["a", "f", "d"]] => ["b","c","e"]
        REMOVE_VALUES [[1, 2], null] => [1,2]
        REMOVE_VALUES [[1, 2], []] => [1,2]
        REMOVE_VALUES [null, [1]] => []
        REMOVE_VALUES [[1, 2], 1] => null !1542
        REMOVE_VALUES ["a", ["a"]] => null !1542
        REPLACE_NTH [["a", "b", "c"], 1, "z"] => ["a","z","c"]
        REPLACE_NTH [["a", "b", "c"], 3, "z"] => ["a","b","c","z"]
        REPLACE_NTH [["a", "b", "c"], 5, "z", "y"] => ["a","b","c","y","y","z"]
        REPLACE_NTH [["a", "b", "c"], 5, "z", null] => ["a","b","c",null,null,"z"]
        REPLACE_NTH [["a", "b", "c"], -1, "z"] => ["a","b","z"]
        REPLACE_NTH [["a", "b", "c"], -9, "z"] => ["z","b","c"]
        REPLACE_NTH [[], 0, "z"] => ["z"]
        REPLACE_NTH [["a"], 5, "z"] => null !1542
        REPLACE_NTH [["a"], 1e15, "z", 0] => null !1542
        REPLACE_NTH [["a"], null, "z"] => null !1542
        REPLACE_NTH [null, 0, "z"] => null !1542
        INSERT_AT [["a", "b", "c"], 1, "z"] => ["a","z","b","c"]
        INSERT_AT [["a", "b", "c"], 0, "z"] => ["z","a","b","c"]
        INSERT_AT [["a", "b", "c"], 3, "z"] => ["a","b","c","z"]
        INSERT_AT [["a", "b", "c"], 1e15, "z"] => ["a","b","c","z"]
        INSERT_AT [["a", "b", "c"], -1, "z"] => ["a","b","z","c"]
        INSERT_AT [["a", "b", "c"], -9, "z"] => ["z","a","b","c"]
        INSERT_AT [["a", "b"], -9223372036854775808, "z"] => ["z","a","b"]
        INSERT_AT [["a", "b"], 1.9, ["z"]] => ["a",["z"],"b"]
        INSERT_AT [[], 0, null] => [null]
        INSERT_AT [null, 2, "z"] => ["z"]
        INSERT_AT [null, "a", "z"] => null !1542
        INSERT_AT [["a"], "0", "z"] => null !1542
        INSERT_AT ["a", 0, "z"] => null !1542
        MOVE [["a", "b", "c", "d"], 0, 2] => ["b","c","a","d"]
        MOVE [["a", "b", "c", "d"], 2, 0] => ["c","a","b","d"]
        MOVE [["a", "b", "c", "d"], 1, 1] => ["a","b","c","d"]
        MOVE [["a", "b", "c", "d"], 0, -1] => ["b","c","d","a"]
        MOVE [["a", "b", "c", "d"], -1, 0] => ["d","a","b","c"]
        MOVE [["a", "b", "c", "d"], 1, 99] => ["a","c","d","b"]
        MOVE [["a", "b", "c", "d"], 1, -99] => ["b","a","c","d"]
        MOVE [["a", "b"], 2, 0] => ["a","b"]
        MOVE [["a", "b"], -3, 0] => ["a","b"]
        MOVE [["a"], 0, 9223372036854775807] => ["a"]
        MOVE [[], 0, 0] => []
        MOVE [null, 0, 1] => null
        MOVE [["a"], null, 0] => null !1542
        MOVE [["a"], 0, "1"] => null !1542
        MOVE [{}, 0, 1] => null !1542
        """);

    [Theory]
    [MemberData(nameof(Reads))]
    public void Reading_functions_answer_as_the_table_says(string line) => FunctionCase.Run(line);

    [Theory]
    [MemberData(nameof(Sets))]
    public void Set_functions_answer_as_the_table_says(string line) => FunctionCase.Run(line);

    [Theory]
    [MemberData(nameof(Edits))]
    public void Editing_functions_answer_as_the_table_says(string line) => FunctionCase.Run(line);

    [Fact]
    public void A_signature_depends_only_on_the_set_of_items()
    {
        var context = new FunctionTestContext();

        var signature = FunctionCase.Call(context, "MINHASH", """[["a", "b", "c", "a"], 2]""");
        var reordered = FunctionCase.Call(context, "MINHASH", """[["c", "a", "b"], 2]""");

        Assert.Equal(2, signature.Items.Count);
        Assert.True(signature.Items[0].Integer < signature.Items[1].Integer);
        Assert.Equal(signature, reordered);
    }

    [Fact]
    public void Large_results_are_counted_before_they_are_built()
    {
        var context = new FunctionTestContext();

        FunctionCase.Call(context, "RANGE", "[1, 100000]");

        Assert.True(context.ReservedBytes >= 100_000 * 24);
    }
}
