namespace GeoFabric.Query.Execution;

/// <summary>What an execution goes through, in the order of its profile.</summary>
public enum QueryStage
{
    Initializing,
    Parsing,
    OptimizingAst,
    LoadingCollections,
    InstantiatingPlan,
    OptimizingPlan,
    InstantiatingExecutors,
    Executing,
    Finalizing,
}
