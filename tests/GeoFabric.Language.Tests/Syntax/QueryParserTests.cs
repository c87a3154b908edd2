using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests;

public sealed class QueryParserTests
{
    [Theory]
    [InlineData("RETURN 1")]
    [InlineData("FOR u IN users FILTER u.age > 3 && u.name NOT IN ['a', \"b\",] SORT u.a DESC, u.b LIMIT 1, 2 RETURN DISTINCT {u, a: 1, [u.x]: 2, @y: 3, \"z\": u[*].x.y[0]}")]
    [InlineData("INSERT {a: 1} IN coll OPTIONS {x: 1} LET a = NEW RETURN a")]
    [InlineData("UPDATE x WITH {a: 1 IN [1]} IN @@coll")]
    [InlineData("UPSERT {a: 1} INSERT {} UPDATE {} IN coll")]
    [InlineData("FOR v, e, p IN 1..2 ANY 'a/b' ANY edges, INBOUND others PRUNE x = v.y == 1 OPTIONS {bfs: true} RETURN p")]
    [InlineData("FOR p IN OUTBOUND K_SHORTEST_PATHS @a TO to GRAPH 'g' LIMIT 1 RETURN p")]
    [InlineData("FOR d IN c COLLECT a = d.x, b = d.y AGGREGATE s = SUM(d.z) INTO g KEEP d, e OPTIONS {} RETURN LENGTH(FOR x IN g RETURN x)")]
    [InlineData("FOR d IN c COLLECT WITH COUNT INTO n RETURN n")]
    [InlineData("LET count = 1, [a,,{b, c: [d]}] = x RETURN a[? AT LEAST (2) FILTER CURRENT > 1] ? : b ALL == 1 ? NOT LIKE(a, b) : a.`b c`")]
    [InlineData("FOR d IN c WINDOW d.t WITH {preceding: 'PT1H'} AGGREGATE a = AVG(d.x) RETURN /* x */ a // y")]
    public void Common_queries_parse(string query)
    {
        var tree = QueryParser.Parse(query);

        Assert.NotEmpty(tree.Operations);
    }
}
