using System.Globalization;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Verification;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Verification;

/// <summary>The roots of a region's collections as another region gets them.</summary>
/// <param name="Roots">By wire id; null when the region did not answer.</param>
/// <param name="Problem">Why it did not.</param>
internal sealed record RegionRoots(string Region, ushort Number, IReadOnlyDictionary<string, ReportedRoot>? Roots, string Problem = "");

/// <param name="Applied">What had been applied, as text that is the same when it is the same.</param>
internal sealed record ReportedRoot(string Root, string Applied);

/// <summary>Compares roots of regions, and tells what is still on its way from what is wrong.</summary>
internal static class RootComparison
{
    public const string Equal = "equal";

    /// <summary>Both have applied the same and are not the same.</summary>
    public const string Different = "different";

    /// <summary>They are not the same, and neither is what they have applied.</summary>
    public const string Moving = "moving";

    /// <summary>The other region did not answer.</summary>
    public const string Unknown = "unknown";

    public static string Judge(CollectionRoot own, RegionRoots other)
    {
        if (other.Roots is null)
            return Unknown;
        if (!other.Roots.TryGetValue(WireIdOf(own), out var theirs))
            return Moving;
        if (theirs.Root == Text(own.Root))
            return Equal;
        return theirs.Applied == AppliedText(own) ? Different : Moving;
    }

    public static Value Describe(CollectionRoot root, IEnumerable<(string Region, string Verdict)>? verdicts = null)
    {
        var attributes = new List<(string, Value)>
        {
            ("name", Value.FromString(root.Name)),
            ("wireId", Value.FromString(WireIdOf(root))),
            ("documents", Value.FromInteger(root.Documents)),
            ("root", Value.FromString(Text(root.Root))),
            ("stableDocuments", Value.FromInteger(root.StableDocuments)),
            ("stableRoot", Value.FromString(Text(root.StableRoot))),
            ("frontier", Value.FromString(root.Frontier.Bits.ToString("x16", CultureInfo.InvariantCulture))),
            ("applied", Value.FromString(AppliedText(root))),
        };
        if (verdicts is not null)
            attributes.Add(("regions", ObjectValue.Of(verdicts.Select(verdict => (verdict.Region, Value.FromString(verdict.Verdict))))));
        return ObjectValue.Of(attributes);
    }

    /// <summary>Reads what <see cref="Describe"/> wrote in another region.</summary>
    public static RegionRoots Read(string region, ushort number, Value answer)
    {
        var roots = new Dictionary<string, ReportedRoot>();
        foreach (var collection in answer.GetAttribute("result"u8).GetAttribute("collections"u8).Items)
            roots[collection.GetAttribute("wireId"u8).Text] = new ReportedRoot(collection.GetAttribute("root"u8).Text, collection.GetAttribute("applied"u8).Text);
        return new RegionRoots(region, number, roots);
    }

    private static string WireIdOf(CollectionRoot root) => root.WireId.ToString("x16", CultureInfo.InvariantCulture);

    private static string Text(UInt128 root) => root.ToString("x32", CultureInfo.InvariantCulture);

    private static string AppliedText(CollectionRoot root) => DescribeApplied(root.Applied);

    /// <summary>What had been applied, as text to compare.</summary>
    public static string DescribeApplied(IEnumerable<AppliedPosition> applied) => string.Join(
        ' ', applied.Where(position => position.Sequence > 0).Select(position => $"{position.Origin.Region}.{position.Origin.Incarnation}:{position.Sequence}"));
}
