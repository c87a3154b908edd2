using System.Text;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Server.Endpoints.Documents;

/// <summary>What all document writes read from the query string.</summary>
/// <param name="WaitForSync">Null: the collection's own setting counts.</param>
internal sealed record DocumentWriteOptions(
    bool ReturnNew,
    bool ReturnOld,
    bool IsSilent,
    bool? WaitForSync,
    InsertOptions Insert,
    UpdateOptions Update,
    ReplaceOptions Replace,
    RemoveOptions Remove,
    bool IgnoreRevisions)
{
    public const int KeyBytesMax = 256;

    private static readonly DocumentWriteOptions Default = new(
        false, false, false, null, InsertOptions.Default, UpdateOptions.Default, ReplaceOptions.Default, RemoveOptions.Default, true);

    public static DocumentWriteOptions Read(ApiRequest request)
    {
        if (!request.Http.Request.QueryString.HasValue)
            return Default;
        var ignoresRevisions = request.Flag("ignoreRevs", true);
        var keepsNull = request.Flag("keepNull", true);
        var mergesObjects = request.Flag("mergeObjects", true);
        return new DocumentWriteOptions(
            request.Flag("returnNew"),
            request.Flag("returnOld"),
            request.Flag("silent"),
            request.Text("waitForSync") is null ? null : request.Flag("waitForSync"),
            new InsertOptions(ReadOverwriteMode(request), keepsNull, mergesObjects),
            new UpdateOptions(keepsNull, mergesObjects, ignoresRevisions),
            new ReplaceOptions(ignoresRevisions),
            RemoveOptions.Default,
            ignoresRevisions);
    }

    /// <summary>201 when the request or the collection waits for the sync, else 202. Either way the write is on disk.</summary>
    public int Status(bool collectionWaits) => WaitForSync ?? collectionWaits ? 201 : 202;

    /// <summary>A path's key in UTF-8; 0 bytes when it is too long to be one, which no document has.</summary>
    public static int KeyBytes(string key, Span<byte> destination) => Encoding.UTF8.TryGetBytes(key, destination, out var written) ? written : 0;

    private static OverwriteMode ReadOverwriteMode(ApiRequest request) => request.Text("overwriteMode") switch
    {
        null => request.Flag("overwrite") ? OverwriteMode.Replace : OverwriteMode.Conflict,
        "conflict" => OverwriteMode.Conflict,
        "ignore" => OverwriteMode.Ignore,
        "replace" => OverwriteMode.Replace,
        "update" => OverwriteMode.Update,
        var other => throw ErrorCodes.BadParameter.With($"overwriteMode '{other}'; it is conflict, ignore, replace or update"),
    };
}
