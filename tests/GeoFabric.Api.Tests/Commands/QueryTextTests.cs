using System.Text.Json.Nodes;
using GeoFabric.Primitives.Errors;
using GeoFabric.Server.Commands;
using GeoFabric.Server.Demonstration;

namespace GeoFabric.Api.Tests.Commands;

/// <summary>What the query command prints.</summary>
public sealed class QueryTextTests
{
    private static readonly JsonNode?[] s_rows = [.. JsonNode.Parse("""[{"name":"Ada, \"Countess\"","n":1.5},{"name":"Bo","tags":["x","y"]},7,null]""")!.AsArray()];

    [Fact]
    public void A_table_has_a_column_for_each_attribute_and_one_for_plain_values() => Assert.Equal(
        """
        ┌─────────────────┬─────┬───────────┬───────┐
        │ name            │   n │ tags      │ value │
        ├─────────────────┼─────┼───────────┼───────┤
        │ Ada, "Countess" │ 1.5 │           │       │
        │ Bo              │     │ ["x","y"] │       │
        │                 │     │           │     7 │
        │                 │     │           │       │
        └─────────────────┴─────┴───────────┴───────┘

        """, RowFormat.Write(RowFormat.Table, s_rows));

    [Fact]
    public void CSV_quotes_what_needs_it_and_lines_of_JSON_are_whole_rows()
    {
        Assert.Equal("name,n,tags,value\r\n\"Ada, \"\"Countess\"\"\",1.5,,\r\nBo,,\"[\"\"x\"\",\"\"y\"\"]\",\r\n,,,7\r\n,,,\r\n", RowFormat.Write(RowFormat.Csv, s_rows));
        Assert.Equal("{\"name\":\"Ada, \\\"Countess\\\"\",\"n\":1.5}\n{\"name\":\"Bo\",\"tags\":[\"x\",\"y\"]}\n7\nnull\n", RowFormat.Write(RowFormat.JsonLines, s_rows));
        Assert.True(JsonNode.DeepEquals(new JsonArray([.. s_rows.Select(row => row?.DeepClone())]), JsonNode.Parse(RowFormat.Write(RowFormat.Json, s_rows))));
        Assert.All(RowFormat.All, format => Assert.DoesNotContain("name", RowFormat.Write(format, []), StringComparison.Ordinal));
    }

    [Fact]
    public void Wide_cells_are_cut_and_stay_on_their_line()
    {
        var table = RowFormat.Write(RowFormat.Table, [JsonValue.Create(new string('x', 100)), JsonValue.Create("a\nb\tc")]);

        Assert.Contains("│ " + new string('x', 59) + "… │", table, StringComparison.Ordinal);
        Assert.Contains("│ a b c ", table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RETURN x", 1, 7, 1, "   1 | RETURN x\n     |        ^\n")]
    [InlineData("LET a = 1\r\n\tRETRUN a", 2, 12, 6, "   2 | \tRETRUN a\n     | \t^^^^^^\n")]
    [InlineData("FOR a IN", 1, 8, 0, "   1 | FOR a IN\n     |         ^\n")]
    [InlineData("RETURN '🦊' ~", 1, 12, 1, "   1 | RETURN '🦊' ~\n     |            ^\n")]
    public void Marks_stand_under_what_is_meant(string text, int line, int offset, int length, string expected) =>
        Assert.Equal(expected, ErrorExcerpt.Draw(text, new ErrorPlace(line, 1, offset, length, null)));

    [Fact]
    public void Of_a_long_line_only_what_is_near_is_shown()
    {
        var text = new string('a', 500) + " ~ " + new string('b', 500);

        var lines = ErrorExcerpt.Draw(text, new ErrorPlace(1, 502, 501, 1, null)).Split('\n');

        Assert.True(lines[0].Length < 130, lines[0]);
        Assert.Equal('~', lines[0][lines[1].IndexOf('^')]);
    }

    [Fact]
    public void A_plan_has_figures_beside_its_steps_and_none_beside_those_of_subqueries()
    {
        var plan = JsonNode.Parse("""
            {"rules":["use-indexes"],"nodes":[
              {"id":1,"type":"SingletonNode","estimatedNrItems":1},{"id":2,"type":"EnumerateCollectionNode","collection":"c","estimatedNrItems":12345},
              {"id":3,"type":"FilterNode","estimatedNrItems":100},{"id":4,"type":"ReturnNode","estimatedNrItems":100}],
             "text":"Return d\n     └─ Filter d.x IN $1\n     subquery:\n         Return e\n              └─ CollectionScan e IN c\n         └─ CollectionScan d IN c"}
            """)!.AsObject();
        var profile = JsonNode.Parse("""[{"id":2,"items":12000,"runtime":0.03},{"id":3,"items":7,"runtime":0.01},{"id":4,"items":7,"runtime":0}]""")!.AsArray();
        var advice = JsonNode.Parse("""[{"collection":"c","type":"persistent","fields":["x"],"reason":"all 12345 documents of 'c' are read"}]""")!.AsArray();

        var drawn = PlanPicture.Draw(plan, advice, profile, new Terminal(hasColours: false));

        Assert.Equal(
            """
              est. rows       rows        time
                    100          7       0.0ms  Return d
                    100          7    █ 10.0ms       └─ Filter d.x IN $1
                                                     subquery:
                                                         Return e
                                                              └─ CollectionScan e IN c
                 12,345     12,000  ███ 30.0ms           └─ CollectionScan d IN c  ▲ reads all documents
            advice: an index of type persistent on c (x): all 12345 documents of 'c' are read
            rules: use-indexes

            """, drawn);
        Assert.Contains("\e[33m", PlanPicture.Draw(plan, advice, null, new Terminal(hasColours: true)), StringComparison.Ordinal);
    }
}
