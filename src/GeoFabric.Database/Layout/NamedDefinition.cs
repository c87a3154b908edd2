using System.Diagnostics.CodeAnalysis;

namespace GeoFabric.Database.Layout;

/// <summary>
/// The names under which definitions that all regions share are stored and told: a saved query under its own name, which has no control characters, others
/// behind one that says what they are.
/// </summary>
/// <remarks>Persisted: append only.</remarks>
internal static class NamedDefinition
{
    private const char Analyzer = '\u0001';
    private const char View = '\u0002';
    private const char Graph = '\u0003';

    public static string OfAnalyzer(string name) => Analyzer + name;

    public static string OfView(string name) => View + name;

    public static string OfGraph(string name) => Graph + name;

    public static bool IsStoredQuery(string name) => name.Length > 0 && !char.IsControl(name[0]);

    public static bool IsAnalyzer(string name) => name.StartsWith(Analyzer);

    public static bool IsGraph(string name) => name.StartsWith(Graph);

    public static bool TryReadView(string name, [NotNullWhen(true)] out string? view)
    {
        view = name.StartsWith(View) ? name[1..] : null;
        return view is not null;
    }
}
