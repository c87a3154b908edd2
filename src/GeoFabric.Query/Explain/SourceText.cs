using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;
using GeoFabric.Storage;

namespace GeoFabric.Query.Explain;

/// <summary>Describes the nodes that find documents: scans, joins and searches.</summary>
internal static class SourceText
{
    /// <returns>Null for other nodes.</returns>
    public static string? Describe(LogicalNode node) => node switch
    {
        EnumerateCollectionNode scan => $"CollectionScan {NameText.Quote(scan.Collection.Name)}{(scan.IsCountOnly ? " (count only)" : $" AS {scan.Variable.Name}")}",
        IndexNode index => $"IndexScan {NameText.Quote(index.Collection.Name)} AS {index.Variable.Name} USING {Bounds(index)}{(index.Projections.Length == 0 ? "" : $" COVERS {string.Join(", ", index.Projections.Select(projection => projection.Path))}")}",
        IndexUnionNode union => $"IndexScan {NameText.Quote(union.Collection.Name)} AS {union.Variable.Name} USING {string.Join(" OR ", union.Branches.Select(Bounds))}",
        GeoIndexNode geo => $"IndexScan {NameText.Quote(geo.Collection.Name)} AS {geo.Variable.Name} USING {Around(geo)}",
        BoxIndexNode box => $"IndexScan {NameText.Quote(box.Collection.Name)} AS {box.Variable.Name} USING {Box(box)}",
        VectorIndexNode vector => $"IndexScan {string.Join(", ", vector.Sources.Select(source => NameText.Quote(source.Collection.Name)))}{(vector.View is null ? "" : $" OF {NameText.Quote(vector.View)}")} AS {vector.Variable.Name} USING {Near(vector)}",
        HashJoinNode join => $"HashJoin {NameText.Quote(join.Collection.Name)} AS {join.Variable.Name}"
            + (join.Keys.Length == 0 ? "" : $" ON {string.Join(" && ", join.Keys.Select(key => $"{key.Inner} == {key.Outer}"))}")
            + (join.Conditions.Length == 0 ? "" : $" WHERE {string.Join(" && ", join.Conditions)}"),
        EnumerateViewNode search => SearchText(search),
        _ => null,
    };

    /// <summary>Adds nothing for other nodes.</summary>
    public static void AddDetails(LogicalNode node, ImmutableArray<(string Name, Value Value)>.Builder details)
    {
        void Add(string name, string value) => details.Add((name, Value.FromString(value)));
        switch (node)
        {
            case EnumerateCollectionNode scan:
                Add("collection", scan.Collection.Name);
                details.Add(("countOnly", Value.FromBoolean(scan.IsCountOnly)));
                break;
            case IndexNode index:
                Add("collection", index.Collection.Name);
                Add("index", index.Index.Name);
                Add("indexType", index.Index.TypeName);
                details.Add(("indexFields", Value.FromList([.. index.Index.Fields.Select(field => Value.FromString(field.Text))])));
                Add("condition", Bounds(index));
                details.Add(("reverse", Value.FromBoolean(index.Direction == ScanDirection.Backward)));
                details.Add(("sorted", Value.FromBoolean(index.IsOrdered)));
                details.Add(("indexCoversProjections", Value.FromBoolean(index.Projections.Length > 0)));
                details.Add(("projections", Value.FromList([.. index.Projections.Select(projection => Value.FromString(projection.Path.ToString()))])));
                break;
            case IndexUnionNode union:
                Add("collection", union.Collection.Name);
                details.Add(("indexes", Value.FromList([.. union.Branches.Select(branch => Value.FromString(branch.Index.Name))])));
                Add("condition", string.Join(" OR ", union.Branches.Select(Bounds)));
                break;
            case GeoIndexNode geo:
                Add("collection", geo.Collection.Name);
                Add("index", geo.Index.Name);
                Add("indexType", geo.Index.TypeName);
                details.Add(("indexFields", Value.FromList([.. geo.Index.Fields.Select(field => Value.FromString(field.Text))])));
                Add("condition", Around(geo));
                break;
            case BoxIndexNode box:
                Add("collection", box.Collection.Name);
                Add("index", box.Index.Name);
                Add("indexType", box.Index.TypeName);
                details.Add(("indexFields", Value.FromList([.. box.Index.Fields.Select(field => Value.FromString(field.Text))])));
                Add("condition", Box(box));
                break;
            case VectorIndexNode vector:
                if (vector.View is null)
                    Add("collection", vector.Sources[0].Collection.Name);
                else
                    Add("view", vector.View);
                Add("distanceVariable", vector.Score.Name);
                Add("index", vector.Index.Name);
                Add("indexType", vector.Index.TypeName);
                Add("condition", Near(vector));
                break;
            case HashJoinNode join:
                Add("collection", join.Collection.Name);
                details.Add(("keys", Value.FromList([.. join.Keys.Select(key => Value.FromString($"{key.Inner} == {key.Outer}"))])));
                details.Add(("conditions", Value.FromList([.. join.Conditions.Select(condition => Value.FromString(condition.ToString()))])));
                break;
            case EnumerateViewNode search:
                Add(search.IsView ? "view" : "collection", search.Source);
                Add("condition", search.Condition.ToString());
                details.Add(("scorers", Value.FromList([.. search.Scorers.Items.Select(scorer => Value.FromString(scorer.ToString()))])));
                details.Add(("indexCoversProjections", Value.FromBoolean(!search.ReadsDocuments)));
                details.Add(("projections", Value.FromList([.. search.Projections.Select(projection => Value.FromString(projection.Path.ToString()))])));
                if (search.Collections is { } only)
                    details.Add(("collections", Value.FromList([.. only.Select(Value.FromString)])));
                break;
            default:
                break;
        }
    }

    private static string Around(GeoIndexNode node) =>
        $"geo({string.Join(", ", node.Index.Fields.Select(field => field.Text))}) {(node.Reached is null ? "" : "NEAREST FIRST ")}AROUND {node.Target}"
        + (node.Radius is null ? "" : $" WITHIN {node.Radius}");

    private static string Near(VectorIndexNode node) =>
        $"vector({node.Index.Fields[0].Text}) {(node.Reached is null ? "" : "NEAREST FIRST ")}NEAR {node.Target} BY {node.Index.Vector!.Metric} AS {node.Score.Name}{(node.Options is null ? "" : $" OPTIONS {node.Options}")}";

    private static string Box(BoxIndexNode node)
    {
        var names = node.Index.Fields.Select(field => field.Text).ToList();
        var conditions = node.EqualTo.Select((value, i) => $"{names[i]} == {value}").ToList();
        foreach (var (name, side) in names.Skip(node.EqualTo.Length).Zip(node.Sides))
            AddLimits(conditions, name, side.IsPoint, side.Lower, side.Upper);
        return $"{node.Index.TypeName}({string.Join(", ", names)}) WHERE {string.Join(" && ", conditions)}";
    }

    private static void AddLimits(List<string> conditions, string name, bool isPoint, IndexLimit? lower, IndexLimit? upper)
    {
        if (lower is not null)
            conditions.Add($"{name} {(isPoint ? "==" : lower.IsInclusive ? ">=" : ">")} {lower.Value}");
        if (upper is not null && !isPoint)
            conditions.Add($"{name} {(upper.IsInclusive ? "<=" : "<")} {upper.Value}");
    }

    private static string SearchText(EnumerateViewNode node)
    {
        var text = $"ViewSearch {NameText.Quote(node.Source)} AS {node.Variable.Name} SEARCH {node.Condition}";
        if (node.Collections is { } only)
            text += $" IN {string.Join(", ", only.Select(NameText.Quote))}";
        if (node.Scorers.Items.Count > 0)
            text += $" SCORES {string.Join(", ", node.Scorers.Items)}";
        if (node.Top is not null)
            text += $" (best {NodeText.Limit(node.Top)} by {node.Scorers.Items[node.TopScorer].Variable.Name})";
        return node.ReadsDocuments ? text : $"{text} COVERS {(node.Projections.IsEmpty ? "all that is needed" : string.Join(", ", node.Projections.Select(projection => projection.Path)))}";
    }

    private static string Bounds(IndexNode node)
    {
        var conditions = new List<string>();
        for (var i = 0; i < node.Equalities.Length; i++)
            conditions.Add($"{node.Index.Fields[i].Text} {(node.Equalities[i].IsIn ? "IN" : "==")} {node.Equalities[i].Value}");
        if (node.Equalities.Length < node.Index.Fields.Length)
            AddLimits(conditions, node.Index.Fields[node.Equalities.Length].Text, isPoint: false, node.Lower, node.Upper);
        var fields = string.Join(", ", node.Index.Fields.Select(field => field.Text));
        return $"{node.Index.TypeName}({fields})"
            + (conditions.Count == 0 ? "" : " WHERE " + string.Join(" && ", conditions))
            + (node.Direction == ScanDirection.Backward ? " BACKWARD" : "")
            + (node.IsOrdered ? " ORDERED" : "");
    }
}
