namespace GeoFabric.Primitives.Errors;

/// <summary>An error with a row in the error table. Every refusal a client can cause is one of these.</summary>
public sealed class GeoFabricException : Exception
{
    public GeoFabricException(ErrorCode code, string? detail, Exception? inner = null)
        : base(detail is null ? code.Message : $"{code.Message}: {detail}", inner) => Code = code;

    public ErrorCode Code { get; }

    /// <summary>More attributes for the answer, such as the stored revision of a failed precondition; null for none.</summary>
    public Values.Value Details { get; init; }

    public int ErrorNumber => Code.Number;

    public int HttpStatus => Code.HttpStatus;
}
