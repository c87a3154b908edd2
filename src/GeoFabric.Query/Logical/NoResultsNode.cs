namespace GeoFabric.Query.Logical;

/// <summary>Stands where a filter can never pass: nothing before it has to run.</summary>
public sealed record NoResultsNode : LogicalNode
{
    public override string TypeName => "NoResultsNode";
}
