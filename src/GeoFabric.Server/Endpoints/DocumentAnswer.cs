using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints;

/// <summary>Describes a write to its caller: id, key and revisions, and the documents when asked for. Made inside the transaction, detached from it.</summary>
internal sealed class DocumentAnswer(ApiRequest request)
{
    private readonly bool _returnNew = request.Flag("returnNew", false);
    private readonly bool _returnOld = request.Flag("returnOld", false);

    public bool IsSilent { get; } = request.Flag("silent", false);

    public WrittenDocument Describe(DocumentWriteResult result)
    {
        var document = result.New.IsNull ? result.Old : result.New;
        var key = document.GetAttribute("_key"u8);
        var revision = result.Stamp.ToString();
        var shown = result.Outcome == DocumentWriteOutcome.Removed && result.OldStamp is { } removed ? removed.ToString() : revision;
        if (IsSilent)
            return new WrittenDocument(Value.EmptyObject, key.Text, revision);
        var attributes = new List<(string, Value)>
        {
            ("_id", result.Id),
            ("_key", key),
            ("_rev", Value.FromString(shown)),
        };
        if (result.OldStamp is { } old && result.Outcome != DocumentWriteOutcome.Removed)
            attributes.Add(("_oldRev", Value.FromString(old.ToString())));
        if (_returnOld && !result.Old.IsNull)
            attributes.Add(("old", result.Old));
        if (_returnNew && !result.New.IsNull)
            attributes.Add(("new", result.New));
        return new WrittenDocument(ObjectValue.Of(attributes), key.Text, shown);
    }
}

/// <param name="Body">The answer for this document.</param>
internal sealed record WrittenDocument(Value Body, string Key, string Revision);
