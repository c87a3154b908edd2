using System.Buffers.Binary;
using System.Security.Cryptography;

namespace GeoFabric.Database.Requests;

/// <summary>A write as its client named it, so that it can be sent again without happening twice.</summary>
/// <param name="Id">Not 0.</param>
/// <param name="Digest">What the client asked for, hashed: another one under the same id is refused. 0 when it is not known.</param>
public sealed record WriteRequest(UInt128 Id, UInt128 Digest)
{
    /// <summary>The key of a document that comes without one: the same whichever region makes it.</summary>
    /// <param name="number">Counts the keys made in the transaction.</param>
    internal byte[] DeriveKey(uint number)
    {
        Span<byte> source = stackalloc byte[20];
        BinaryPrimitives.WriteUInt128BigEndian(source, Id);
        BinaryPrimitives.WriteUInt32BigEndian(source[16..], number);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(source, hash);
        return System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash[..16]));
    }
}
