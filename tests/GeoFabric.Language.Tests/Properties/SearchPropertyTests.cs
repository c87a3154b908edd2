using System.Globalization;
using System.Text;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Verification;
using GeoFabric.Language.Tests.Queries;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>What SEARCH finds, and what it scores, is what a plain walk over the same documents says, after any writes.</summary>
public sealed class SearchPropertyTests
{
    private const int Documents = 250;
    private const int Conditions = 150;

    private static readonly string[] Words = ["aa", "ab", "abc", "b", "bc", "ca", "cab", "cc", "d", "da", "ee", "fab"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Search_finds_what_a_walk_finds(int seed)
    {
        await using var engine = await TestEngine.CreateAsync();
        var random = new Random(seed);
        var model = await FillAsync(engine, random);
        Assert.Empty(FabricVerifier.Verify(engine.Fabric).Disagreements);

        for (var i = 0; i < Conditions; i++)
        {
            var condition = Generate(random, 3);
            var expected = model.Where(entry => condition.Holds(entry.Value)).Select(entry => entry.Key).Order(StringComparer.Ordinal);

            var found = JsonValueReader.Parse(Encoding.UTF8.GetBytes(await engine.RowsAsync($"FOR d IN v SEARCH {condition.Text} SORT d._key RETURN d._key")));

            Assert.True(string.Join(' ', expected) == Join(found), $"seed {seed}: {condition.Text}\nfound {Join(found)}\nexpected {string.Join(' ', expected)}");
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Scores_are_those_of_the_formula_and_the_best_are_the_best_of_all(int seed)
    {
        await using var engine = await TestEngine.CreateAsync();
        var random = new Random(seed);
        var model = await FillAsync(engine, random);
        for (var i = 0; i < 40; i++)
        {
            var words = Words.OrderBy(_ => random.Next()).Take(random.Next(1, 4)).ToList();
            var isAnd = random.Next(2) == 0;
            var search = $"FOR d IN v SEARCH ANALYZER([{string.Join(", ", words.Select(word => $"\"{word}\""))}] {(isAnd ? "ALL" : "ANY")} == d.body, \"plain\") SORT BM25(d) DESC";
            var expected = model.Values.Where(document => isAnd ? words.TrueForAll(document.Body.Contains) : words.Exists(document.Body.Contains))
                .ToDictionary(document => document.Key, document => words.Sum(word => Bm25(model.Values, document, word)), StringComparer.Ordinal);

            var all = JsonValueReader.Parse(Encoding.UTF8.GetBytes(await engine.RowsAsync(search + " RETURN [d._key, BM25(d)]")));
            var best = JsonValueReader.Parse(Encoding.UTF8.GetBytes(await engine.RowsAsync(search + " LIMIT 3, 7 RETURN [d._key, BM25(d)]")));

            Assert.Equal(expected.Count, all.Items.Count);
            foreach (var row in all.Items)
                Assert.Equal(expected[row.Items[0].Text], row.Items[1].Number, 1e-9);
            var wanted = Enumerable.Range(3, 7).Where(position => position < all.Items.Count).Select(position => all.Items[position].ToString());
            Assert.Equal(wanted, Enumerable.Range(0, best.Items.Count).Select(position => best.Items[position].ToString()));
        }
    }

    private static double Bm25(IReadOnlyCollection<Document> all, Document document, string word)
    {
        var frequency = document.Body.Count(token => token == word);
        if (frequency == 0)
            return 0;
        var having = all.Where(other => other.Body.Count > 0).ToList();
        var matching = having.Count(other => other.Body.Contains(word));
        var average = having.Average(other => other.Body.Count);
        var rarity = Math.Log(1 + ((having.Count - matching + 0.5) / (matching + 0.5)));
        return rarity * 2.2 * frequency / (frequency + (1.2 * (0.25 + (0.75 * document.Body.Count / average))));
    }

    /// <summary>Writes documents before and after the view is made, then changes and removes some.</summary>
    private static async Task<SortedDictionary<string, Document>> FillAsync(TestEngine engine, Random random)
    {
        var model = new SortedDictionary<string, Document>(StringComparer.Ordinal);
        await engine.Fabric.CreateCollectionAsync(engine.Scope, new CollectionSettings("c"));
        await engine.Fabric.SaveAnalyzerAsync(engine.Scope, new AnalyzerDefinition("plain", "text", JsonValueReader.Parse("""{"locale":"en","stemming":false}"""u8), []));
        Assert.True(engine.Fabric.Catalog.TryGetAnalyzer("plain", out var plain));
        await WriteAsync(engine, model, random, Documents / 2);
        var link = SearchSettings.Nothing.With(["n"], [AnalyzerDefinition.Identity], false).With(["t"], [AnalyzerDefinition.Identity], false).With(["body"], [plain!], false);
        await engine.Fabric.CreateViewAsync(engine.Scope, "v", new ViewSettings(new Dictionary<string, SearchField>(StringComparer.Ordinal) { ["c"] = link }));
        await WriteAsync(engine, model, random, Documents);
        foreach (var key in model.Keys.Where(_ => random.Next(5) == 0).ToList())
        {
            await engine.RunAsync($"REMOVE '{key}' IN c");
            model.Remove(key);
        }
        return model;
    }

    private static async Task WriteAsync(TestEngine engine, SortedDictionary<string, Document> model, Random random, int count)
    {
        var batch = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var document = Document.Create("k" + random.Next(Documents).ToString("D3", CultureInfo.InvariantCulture), random);
            model[document.Key] = document;
            batch.Add(document.Json);
        }
        await engine.RunAsync("FOR d IN @all INSERT d INTO c OPTIONS {overwriteMode: 'replace'}", $$"""{"all":[{{string.Join(',', batch)}}]}""");
    }

    private static Condition Generate(Random random, int depth)
    {
        if (depth > 0 && random.Next(3) > 0)
        {
            var left = Generate(random, depth - 1);
            var right = Generate(random, depth - 1);
            return random.Next(4) switch
            {
                0 => new Condition($"({left.Text} AND {right.Text})", document => left.Holds(document) && right.Holds(document)),
                1 => new Condition($"({left.Text} OR {right.Text})", document => left.Holds(document) || right.Holds(document)),
                2 => new Condition($"NOT ({left.Text})", document => !left.Holds(document)),
                _ => MinMatch(left, right, Generate(random, depth - 1)),
            };
        }
        return GenerateLeaf(random);
    }

    private static Condition MinMatch(Condition a, Condition b, Condition c) => new(
        $"MIN_MATCH({a.Text}, {b.Text}, {c.Text}, 2)", document => new[] { a, b, c }.Count(part => part.Holds(document)) >= 2);

    private static Condition GenerateLeaf(Random random)
    {
        var number = random.Next(-3, 8);
        var word = Words[random.Next(Words.Length)];
        var other = Words[random.Next(Words.Length)];
        switch (random.Next(14))
        {
            case 0: return new($"d.n == {number}", document => document.Number == number);
            case 1: return new($"d.n != {number}", document => document.Number != number);
            case 2: return new($"d.n < {number}", document => document.Number < number);
            case 3: return new($"d.n >= {number}", document => document.Number >= number);
            case 4: return new($"{number} >= d.n", document => document.Number <= number);
            case 5: return new($"d.n IN [{number}, null]", document => document.Number == number || document.Kind == "null");
            case 6: return new($"IN_RANGE(d.n, {number}, {number + 3}, true, false)", document => document.Number >= number && document.Number < number + 3);
            case 7: return new("EXISTS(d.n)", document => document.Kind != "missing");
            case 8: return new($"d.t == \"{word}\"", document => document.Tags.Contains(word));
            case 9: return new($"d.t > \"{word}\"", document => document.Tags.Exists(tag => string.CompareOrdinal(tag, word) > 0));
            case 10: return new($"ANALYZER(d.body == \"{word}\", \"plain\")", document => document.Body.Contains(word));
            case 11: return new($"PHRASE(d.body, \"{word} {other}\", \"plain\")", document => document.Body.Zip(document.Body.Skip(1)).Any(pair => pair == (word, other)));
            case 12: return new($"ANALYZER(STARTS_WITH(d.body, \"{word[..1]}\"), \"plain\")", document => document.Body.Exists(token => token[0] == word[0]));
            default: return new($"ANALYZER(d.body LIKE \"%b{word[^1]}\", \"plain\")", document => document.Body.Exists(token => token.EndsWith("b" + word[^1], StringComparison.Ordinal)));
        }
    }

    private static string Join(Value keys) => string.Join(' ', Enumerable.Range(0, keys.Items.Count).Select(i => keys.Items[i].Text));

    private sealed record Condition(string Text, Func<Document, bool> Holds);

    /// <param name="Kind">What n is: "number", "null", "missing" or "string".</param>
    private sealed record Document(string Key, string Kind, int? Number, List<string> Tags, List<string> Body, string Json)
    {
        public static Document Create(string key, Random random)
        {
            var kind = random.Next(6) switch { 0 => "null", 1 => "missing", 2 => "string", _ => "number" };
            var number = random.Next(-4, 9);
            var tags = Pick(random, random.Next(4));
            var body = Pick(random, random.Next(3) == 0 ? 0 : random.Next(1, 12));
            var n = kind switch { "null" => "\"n\":null,", "missing" => "", "string" => $"\"n\":\"{number}\",", _ => $"\"n\":{number}," };
            var json = $$"""{"_key":"{{key}}",{{n}}"t":[{{string.Join(',', tags.Select(tag => $"\"{tag}\""))}}],"body":"{{string.Join(random.Next(2) == 0 ? " " : ", ", body)}}"}""";
            return new Document(key, kind, kind == "number" ? number : null, tags, body, json);
        }

        // The first words are the most frequent.
        private static List<string> Pick(Random random, int count) =>
            [.. Enumerable.Range(0, count).Select(_ => Words[(int)(Words.Length * Math.Pow(random.NextDouble(), 2))])];
    }
}
