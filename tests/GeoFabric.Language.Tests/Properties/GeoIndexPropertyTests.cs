using GeoFabric.Database.Verification;
using GeoFabric.Language.Tests.Queries;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>Queries about places give the same rows, in the same order, and the same warnings, with geo indexes and without.</summary>
public sealed class GeoIndexPropertyTests
{
    private const int DocumentsPerRound = 150;
    private const int QueriesPerRound = 50;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task An_index_changes_nothing_but_the_time(int seed)
    {
        var generator = new GeoQueryGenerator(seed);
        await using var indexed = await TestEngine.CreateAsync();
        await using var plain = await TestEngine.CreateAsync();
        await indexed.AddIndexAsync("empty loc geojson");
        await indexed.AddIndexAsync("empty p geo");
        var failures = new List<string>();
        var served = 0;
        for (var round = 0; round < 3; round++)
        {
            await ChangeAsync(generator, round, indexed, plain);
            // The third index is filled from what is there.
            if (round == 0)
                await indexed.AddIndexAsync("empty lat,lon geo");
            Assert.Empty(FabricVerifier.Verify(indexed.Fabric).Disagreements);
            for (var i = 0; i < QueriesPerRound; i++)
            {
                var query = generator.Query();
                var expected = await OutcomeAsync(plain, query, "-all");
                var actual = await OutcomeAsync(indexed, query);
                if (expected.Text != actual.Text)
                    failures.Add($"{query}\nexpected {expected.Text}\nactual   {actual.Text}");
                served += actual.ScannedIndex > 0 ? 1 : 0;
            }
        }
        Assert.True(failures.Count == 0, $"{failures.Count} failures\n{string.Join("\n\n", failures.Take(3))}");
        Assert.InRange(served, QueriesPerRound, 3 * QueriesPerRound);
    }

    /// <summary>New documents, some in place of others, and some removed.</summary>
    private static async Task ChangeAsync(GeoQueryGenerator generator, int round, params TestEngine[] engines)
    {
        var documents = $$"""{"documents":[{{string.Join(",", Enumerable.Range(0, DocumentsPerRound).Select(i => generator.Document((round * DocumentsPerRound / 2) + i)))}}],"out":{{generator.Next(7)}}}""";
        foreach (var engine in engines)
        {
            await engine.RunAsync("FOR d IN @documents FILTER HAS(d, \"_key\") && @out != null UPSERT { _key: d._key } INSERT d REPLACE d IN empty", documents);
            await engine.RunAsync("FOR d IN empty FILTER TO_NUMBER(SUBSTRING(d._key, 1)) % 7 == @out REMOVE d IN empty", $$"""{"out":{{round}}}""");
        }
    }

    private static async Task<(string Text, long ScannedIndex)> OutcomeAsync(TestEngine engine, string query, params string[] rules)
    {
        try
        {
            var page = await engine.RunAsync(query, "{}", rules);
            var rows = System.Text.Encoding.UTF8.GetString(page.ResultJson.Span);
            return ($"{rows} {string.Join(' ', page.Warnings.Select(warning => warning.Code.Number))}", page.Statistics.ScannedIndex);
        }
        catch (GeoFabricException error)
        {
            return ($"error {error.ErrorNumber}", 0);
        }
    }
}
