using System.Globalization;
using GeoFabric.Database.Catalog;
using GeoFabric.Language.Tests.Properties.Reference;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>
/// Documents and indexes of the collections <c>a</c> and <c>b</c> and of the edge collections <c>e</c> and <c>f</c>, which together are the graph
/// <c>g</c>, made from a seed. Attributes: <c>w</c> the weight of an edge, <c>u</c> unique,
/// <c>x</c> and <c>y</c> small numbers, <c>s</c> text, <c>n</c> an object of p and q, <c>t</c> an array of scalars, <c>o</c> an array of objects with v,
/// <c>big</c> beyond 2^53, <c>r</c> a key, <c>m</c> anything, <c>ts</c> a time far ahead, <c>loc</c> a place, <c>vec</c> two numbers. Any but u may be null, missing, or of another type.
/// </summary>
internal sealed record GeneratedData(IReadOnlyList<GeneratedCollection> Collections)
{
    private static readonly string[] Texts = ["", "a", "A", "ab", "abc", "Ab", "b", "ä", "ß", "z", "10", "2", "a%b", "a_b", "日本", "🦊", "é", "e\u0301", "k1", "k2", "Z", " a", "1.5", "null", "\\n", "\\\"", "𝒳y", "a\\\\b", "a ab", "b a Ab", "ab, b abc", "a b a b"];
    private static readonly string[] Numbers = ["0", "1", "2", "3", "-1", "2.0", "1.5", "-0.5", "0.1", "1e3", "1e300", "-9007199254740993", "9223372036854775807", "-9223372036854775808", "4294967296"];

    private static readonly string[] Weights = ["0", "1", "1", "2", "3", "0.5", "2.25", "null"];

    private static readonly string[][] IndexFields =
    [
        ["x"], ["y"], ["x", "y"], ["y", "s"], ["s"], ["s", "x", "y"], ["n.p"], ["n.p", "n.q"], ["t[*]"], ["o[*].v"], ["t[*]", "x"], ["x", "t[*]"], ["big"], ["r", "x"], ["m"], ["m", "x"], ["n"], ["t"], ["x", "m", "s"],
    ];

    /// <summary>Whether there is the view <see cref="GeneratedView"/>.</summary>
    public bool HasView { get; init; }

    /// <summary>The graph of all edges.</summary>
    public static GraphDefinition Graph { get; } = new("g", [new EdgeDefinition("e", ["a", "b"], ["a", "b"]), new EdgeDefinition("f", ["a", "b"], ["a", "b"])], []);

    /// <summary>The same without the indexes that only speed things up: those that refuse documents stay.</summary>
    public GeneratedData WithUniqueIndexesOnly() => this with { Collections = [.. Collections.Select(c => c with { Indexes = [.. c.Indexes.Where(index => index.IsUnique)] })] };

    /// <summary>The same collections and indexes with other documents.</summary>
    public GeneratedData With(ReferenceData documents) => this with
    {
        Collections = [.. Collections.Select(c => c with { Documents = [.. documents.Collection(c.Name).Select(document => document.ToString())] })],
    };

    public static GeneratedData Make(int seed)
    {
        var maker = new Maker(new Random(seed));
        return new GeneratedData([maker.Collection("a"), maker.Collection("b"), maker.Collection("e"), maker.Edges("f")]) { HasView = FuzzRun.HasView(seed / FuzzRun.QueriesPerBlock) };
    }

    private sealed class Maker(Random random)
    {
        public GeneratedCollection Collection(string name)
        {
            var isEdge = name == "e";
            var documents = new List<string>();
            // Few documents find as much as many do, and loops within loops stay cheap; now and then there are enough for more than one entry of everything.
            var count = random.Next(16) switch
            {
                0 => random.Next(3),
                1 => random.Next(16, 24),
                _ => random.Next(3, 10),
            };
            for (var i = 0; i < count; i++)
                documents.Add(Document(i, isEdge));
            var indexes = new List<IndexSettings>();
            foreach (var fields in IndexFields)
            {
                if (random.Next(3) == 0)
                    Add(indexes, new IndexSettings("persistent", [.. fields]) { IsSparse = random.Next(3) == 0, Deduplicate = random.Next(4) > 0 });
            }
            if (random.Next(2) == 0)
                Add(indexes, new IndexSettings("persistent", ["u"]) { IsUnique = true, IsSparse = random.Next(2) == 0 });
            if (random.Next(2) == 0)
                Add(indexes, MultiDimensional());
            if (random.Next(2) == 0)
                Add(indexes, new IndexSettings("geo", ["loc"]) { IsGeoJson = true });
            if (random.Next(3) == 0)
                Add(indexes, new IndexSettings("ttl", ["ts"]) { ExpireAfterSeconds = 1e9 });
            return new GeneratedCollection(name, isEdge, documents, indexes);
        }

        /// <summary>A few more edges, without indexes.</summary>
        public GeneratedCollection Edges(string name) => new(name, true, [.. Enumerable.Range(0, random.Next(5)).Select(i => Document(i, isEdge: true))], []);

        private IndexSettings MultiDimensional()
        {
            string[] fields = random.Next(4) switch { 0 => ["x", "y"], 1 => ["y", "m", "x"], 2 => ["n.p", "big"], _ => ["x", "big"] };
            return random.Next(3) > 0
                ? new IndexSettings(random.Next(2) == 0 ? "mdi" : "zkd", [.. fields]) { IsSparse = random.Next(3) == 0 }
                : new IndexSettings("mdi-prefixed", [.. fields]) { IsSparse = random.Next(3) == 0, PrefixFields = random.Next(2) == 0 ? ["s"] : ["t", "r"] };
        }

        private static void Add(List<IndexSettings> indexes, IndexSettings index) => indexes.Add(index with { Name = string.Create(CultureInfo.InvariantCulture, $"i{indexes.Count}") });

        private string Document(int number, bool isEdge)
        {
            var members = new List<string> { $"\"_key\":\"k{number}\"" };
            if (isEdge)
            {
                members.Add($"\"_from\":\"{End()}\"");
                members.Add($"\"_to\":\"{End()}\"");
                // What is no number counts as the default weight.
                if (random.Next(6) > 0)
                    members.Add($"\"w\":{(random.Next(10) == 0 ? Text() : Weights[random.Next(Weights.Length)])}");
            }
            members.Add(string.Create(CultureInfo.InvariantCulture, $"\"u\":{number * 2}"));
            Add(members, "x", Small);
            Add(members, "y", Small);
            Add(members, "s", Text);
            Add(members, "n", () => $"{{\"p\":{Small()},\"q\":{Text()}}}");
            Add(members, "t", () => List(Scalar));
            Add(members, "o", () => List(() => random.Next(5) == 0 ? Scalar() : $"{{\"v\":{Small()}}}"));
            Add(members, "big", () => (9007199254740990L + random.Next(8)).ToString(CultureInfo.InvariantCulture));
            Add(members, "r", () => $"\"k{random.Next(12)}\"");
            Add(members, "m", () => Any(2));
            Add(members, "ts", () => (4_000_000_000L + random.Next(5)).ToString(CultureInfo.InvariantCulture));
            Add(members, "loc", Place);
            if (random.Next(4) > 0)
                members.Add($"\"vec\":[{random.Next(-3, 4)},{random.Next(-3, 4)}]");
            return "{" + string.Join(",", members) + "}";
        }

        private string End() => string.Create(CultureInfo.InvariantCulture, $"{(random.Next(2) == 0 ? "a" : "b")}/k{random.Next(6)}");

        /// <summary>A place on a coarse grid, so that some are equally far from others.</summary>
        private string Place()
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"[{random.Next(-3, 4)},{random.Next(-3, 4)}]");
            return random.Next(4) == 0 ? $"{{\"type\":\"Point\",\"coordinates\":{place}}}" : place;
        }

        private void Add(List<string> members, string name, Func<string> value)
        {
            var choice = random.Next(12);
            if (choice == 0)
                return;
            members.Add($"\"{name}\":{(choice == 1 ? "null" : choice == 2 ? Any(1) : value())}");
        }

        private string Any(int depth) => random.Next(8) switch
        {
            0 => List(depth > 0 ? () => Any(depth - 1) : Scalar),
            1 => $"{{\"p\":{(depth > 0 ? Any(depth - 1) : Scalar())}}}",
            2 => "{}",
            3 => $"{{\"q\":{Scalar()},\"p\":{Scalar()}}}",
            _ => Scalar(),
        };

        private string Scalar() => random.Next(9) switch
        {
            0 => "null",
            1 => "true",
            2 => "false",
            3 => Text(),
            4 => Numbers[random.Next(Numbers.Length)],
            _ => Small(),
        };

        private string Small() => random.Next(10) == 0 ? "2.0" : random.Next(-2, 6).ToString(CultureInfo.InvariantCulture);

        private string Text() => $"\"{Texts[random.Next(Texts.Length)]}\"";

        private string List(Func<string> item) => "[" + string.Join(",", Enumerable.Range(0, random.Next(5)).Select(_ => item())) + "]";
    }
}
