using System.Text;
using GeoFabric.Language.Tests.Queries;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>Walks over random graphs find what a naive search over a list of edges finds, whatever the options.</summary>
public sealed class GraphPropertyTests
{
    private const int Vertices = 6;
    private const int Graphs = 12;

    [Fact]
    public async Task Traversals_find_the_paths_of_a_naive_search()
    {
        await using var engine = await TestEngine.CreateAsync();
        for (var seed = 0; seed < Graphs; seed++)
        {
            var graph = await FillAsync(engine, seed);
            foreach (var direction in (string[])["OUTBOUND", "INBOUND", "ANY"])
            {
                foreach (var vertices in (string[])["none", "path"])
                {
                    foreach (var edges in (string[])["path", "none"])
                    {
                        foreach (var order in (string[])["dfs", "bfs", "weighted"])
                            await CompareAsync(engine, graph, direction, vertices, edges, order, seed);
                    }
                }
            }
        }
    }

    [Fact]
    public async Task Vertices_that_come_once_come_at_their_distance()
    {
        await using var engine = await TestEngine.CreateAsync();
        for (var seed = 0; seed < Graphs; seed++)
        {
            var graph = await FillAsync(engine, seed);
            foreach (var order in (string[])["bfs", "weighted"])
            {
                var rows = await ReadAsync(engine, $$"""
                    FOR v, e, p IN 0..10 OUTBOUND 'users/u01' follows OPTIONS { order: '{{order}}', uniqueVertices: 'global', weightAttribute: 'w' }
                    RETURN CONCAT(v._key, ' ', {{(order == "bfs" ? "LENGTH(p.edges)" : "p.weights[-1]")}})
                    """);

                var distances = graph.Distances("u01", isWeighted: order == "weighted");
                Assert.Equal(distances.Select(distance => $"{distance.Key} {distance.Value}").Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Path_searches_find_the_paths_of_a_naive_search()
    {
        await using var engine = await TestEngine.CreateAsync();
        for (var seed = 0; seed < Graphs; seed++)
        {
            var graph = await FillAsync(engine, seed);
            foreach (var direction in (string[])["OUTBOUND", "INBOUND", "ANY"])
            {
                var all = graph.Paths("u01", direction, 0, Vertices, hasUniqueVertices: true, hasUniqueEdges: true).Where(path => path.Vertices[^1] == "u02").ToList();
                await CompareSearchAsync(engine, graph, direction, all, seed);
            }
        }
    }

    private static async Task CompareAsync(TestEngine engine, EdgeList graph, string direction, string vertices, string edges, string order, int seed)
    {
        foreach (var filter in (string[])["", "FILTER p.edges[*].w ALL < 3", "FILTER p.vertices[1]._key != 'u03'", "FILTER p.edges[0].w == 1"])
        {
            var query = $$"""
                FOR v, e, p IN 1..3 {{direction}} 'users/u01' follows OPTIONS { order: '{{order}}', uniqueVertices: '{{vertices}}', uniqueEdges: '{{edges}}', weightAttribute: 'w' }
                {{filter}} RETURN CONCAT_SEPARATOR(' ', p.edges[*]._key)
                """;

            var expected = graph.Paths("u01", direction, 1, 3, vertices == "path", edges == "path").Where(path => filter switch
            {
                "" => true,
                "FILTER p.edges[*].w ALL < 3" => path.Edges.TrueForAll(edge => edge.Weight < 3),
                "FILTER p.vertices[1]._key != 'u03'" => path.Vertices[1] != "u03",
                _ => path.Edges[0].Weight == 1,
            }).ToList();
            var rows = await ReadAsync(engine, query);
            Assert.True(expected.Select(path => path.Text).Order(StringComparer.Ordinal).SequenceEqual(rows.Order(StringComparer.Ordinal)), $"seed {seed}: {query}");
            var sizes = rows.ConvertAll(row => order == "weighted" ? row.Split(' ').Sum(key => graph.Weight(key)) : row.Split(' ').Length);
            if (order != "dfs")
                Assert.Equal(sizes.Order(), sizes);
        }
    }

    private static async Task CompareSearchAsync(TestEngine engine, EdgeList graph, string direction, List<EdgeList.Path> all, int seed)
    {
        var least = all.Count == 0 ? 0 : all.Min(path => path.Edges.Count);
        await AssertAsync("K_PATHS", "1..10 ", "", "CONCAT_SEPARATOR(' ', p.edges[*]._key)", all.Select(path => path.Text));
        await AssertAsync("ALL_SHORTEST_PATHS", "", "", "CONCAT_SEPARATOR(' ', p.edges[*]._key)", all.Where(path => path.Edges.Count == least).Select(path => path.Text));
        await AssertAsync("K_SHORTEST_PATHS", "", "", "CONCAT_SEPARATOR(' ', p.edges[*]._key)", all.Select(path => path.Text));
        foreach (var weight in (string[])["", "OPTIONS { weightAttribute: 'w' }"])
        {
            int Size(EdgeList.Path path) => weight.Length == 0 ? path.Edges.Count : path.Edges.Sum(edge => edge.Weight);
            var ranked = await ReadAsync(engine, $"FOR p IN {direction} K_SHORTEST_PATHS 'users/u01' TO 'users/u02' follows {weight} RETURN TO_STRING(p.weight)");
            Assert.Equal(all.Select(Size).Order().Select(size => $"{size}"), ranked);
            var shortest = await ReadAsync(engine, $"FOR v, e IN {direction} SHORTEST_PATH 'users/u01' TO 'users/u02' follows {weight} FILTER e != null RETURN e._key");
            Assert.Equal(all.Count == 0 ? 0 : all.Min(Size), shortest.Sum(key => weight.Length == 0 ? 1 : graph.Weight(key)));
        }

        async Task AssertAsync(string kind, string depth, string options, string result, IEnumerable<string> expected)
        {
            var rows = await ReadAsync(engine, $"FOR p IN {depth}{direction} {kind} 'users/u01' TO 'users/u02' follows {options} RETURN {result}");
            Assert.True(expected.Order(StringComparer.Ordinal).SequenceEqual(rows.Order(StringComparer.Ordinal)), $"seed {seed}: {kind} {direction}");
        }
    }

    private static async Task<EdgeList> FillAsync(TestEngine engine, int seed)
    {
        var random = new Random(seed);
        var edges = new List<EdgeList.Edge>();
        for (var i = 0; i < 4 + (seed % 6); i++)
            edges.Add(new EdgeList.Edge($"e{i}", $"u0{random.Next(1, Vertices + 1)}", $"u0{random.Next(1, Vertices + 1)}", random.Next(0, 5)));
        await engine.RunAsync("FOR e IN follows REMOVE e IN follows");
        foreach (var edge in edges)
            await engine.RunAsync($"INSERT {{ _key: '{edge.Key}', _from: 'users/{edge.From}', _to: 'users/{edge.To}', w: {edge.Weight} }} INTO follows");
        return new EdgeList(edges);
    }

    private static async Task<List<string>> ReadAsync(TestEngine engine, string query)
    {
        var json = await engine.RowsAsync(query);
        var rows = new List<string>();
        foreach (var row in JsonValueReader.Parse(Encoding.UTF8.GetBytes(json)).Items)
            rows.Add(row.Text);
        return rows;
    }
}
