using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Database.Requests;

/// <summary>What is known here of a request that has been carried out before.</summary>
/// <param name="Origin">Where it was.</param>
/// <param name="Revision">Of the documents it wrote.</param>
/// <param name="Collection">Name of the collection when the request changed one document; null otherwise.</param>
/// <param name="Key">Key of that document.</param>
/// <param name="Answer">The answer as it was given; null when it was given elsewhere, was too large to be kept or never given.</param>
public sealed record RequestOutcome(UInt128 Id, ChangeOrigin Origin, RevisionStamp Revision, string? Collection, string? Key, string? Answer);

/// <summary>Ends a write whose request has been carried out before: nothing was written, and this is what came of it then.</summary>
public sealed class RequestAppliedException(RequestOutcome outcome) : Exception("the request has been carried out before")
{
    public RequestOutcome Outcome => outcome;
}
