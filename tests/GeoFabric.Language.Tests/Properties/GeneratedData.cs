using System.Globalization;
using GeoFabric.Database.Catalog;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>
/// Documents and indexes of two collections, made from a seed. Attributes: <c>u</c> unique, <c>x</c> and <c>y</c> small numbers, <c>s</c> text, <c>n</c> an
/// object of p and q, <c>t</c> an array of scalars, <c>o</c> an array of objects with v, <c>big</c> beyond 2^53, <c>r</c> a key. Any but u may be
/// null, missing, or of another type.
/// </summary>
internal sealed class GeneratedData
{
    private static readonly string[] Texts = ["", "a", "A", "ab", "abc", "Ab", "b", "ä", "ß", "z", "10", "2", "a%b", "a_b", "日本", "🦊", "é", "é", "k1", "k2"];

    private static readonly string[][] IndexFields =
    [
        ["x"], ["y"], ["x", "y"], ["y", "s"], ["s"], ["s", "x", "y"], ["n.p"], ["n.p", "n.q"], ["t[*]"], ["o[*].v"], ["t[*]", "x"], ["x", "t[*]"], ["big"], ["r", "x"],
    ];

    private readonly Random _random;

    public GeneratedData(int seed)
    {
        _random = new Random(seed);
        Collections = [Make("a"), Make("b")];
    }

    private GeneratedData(GeneratedData source, Func<IndexSettings, bool> keep)
    {
        _random = source._random;
        Collections = [.. source.Collections.Select(c => (c.Name, c.Documents, (IReadOnlyList<IndexSettings>)[.. c.Indexes.Where(keep)]))];
    }

    public IReadOnlyList<(string Name, IReadOnlyList<string> Documents, IReadOnlyList<IndexSettings> Indexes)> Collections { get; }

    /// <summary>The same without the indexes that only speed things up: those that refuse documents stay.</summary>
    public GeneratedData WithUniqueIndexesOnly() => new(this, index => index.IsUnique);

    private (string Name, IReadOnlyList<string> Documents, IReadOnlyList<IndexSettings> Indexes) Make(string name)
    {
        var documents = new List<string>();
        var count = _random.Next(10) == 0 ? _random.Next(3) : _random.Next(8, 40);
        for (var i = 0; i < count; i++)
            documents.Add(Document(i));
        var indexes = new List<IndexSettings>();
        foreach (var fields in IndexFields)
        {
            if (_random.Next(3) == 0)
                indexes.Add(new IndexSettings("persistent", [.. fields]) { IsSparse = _random.Next(3) == 0, Deduplicate = _random.Next(4) > 0 });
        }
        if (_random.Next(2) == 0)
            indexes.Add(new IndexSettings("persistent", ["u"]) { IsUnique = true, IsSparse = _random.Next(2) == 0 });
        return (name, documents, indexes);
    }

    private string Document(int number)
    {
        var members = new List<string> { $"\"_key\":\"k{number}\"", string.Create(CultureInfo.InvariantCulture, $"\"u\":{number * 2}") };
        Add(members, "x", Small);
        Add(members, "y", Small);
        Add(members, "s", Text);
        Add(members, "n", () => $"{{\"p\":{Small()},\"q\":{Text()}}}");
        Add(members, "t", () => List(Scalar));
        Add(members, "o", () => List(() => _random.Next(5) == 0 ? Scalar() : $"{{\"v\":{Small()}}}"));
        Add(members, "big", () => (9007199254740990L + _random.Next(8)).ToString(CultureInfo.InvariantCulture));
        Add(members, "r", () => $"\"k{_random.Next(12)}\"");
        return "{" + string.Join(",", members) + "}";
    }

    private void Add(List<string> members, string name, Func<string> value)
    {
        var choice = _random.Next(12);
        if (choice == 0)
            return;
        members.Add($"\"{name}\":{(choice == 1 ? "null" : choice == 2 ? Any() : value())}");
    }

    private string Any() => _random.Next(6) switch
    {
        0 => List(Scalar),
        1 => $"{{\"p\":{Scalar()}}}",
        2 => "{}",
        _ => Scalar(),
    };

    private string Scalar() => _random.Next(8) switch
    {
        0 => "null",
        1 => "true",
        2 => "false",
        3 => Text(),
        4 => "1.5",
        _ => Small(),
    };

    private string Small() => _random.Next(10) == 0 ? "2.0" : _random.Next(-2, 6).ToString(CultureInfo.InvariantCulture);

    private string Text() => $"\"{Texts[_random.Next(Texts.Length)]}\"";

    private string List(Func<string> item) => "[" + string.Join(",", Enumerable.Range(0, _random.Next(5)).Select(_ => item())) + "]";
}
