using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GeoFabric.Server.Authentication;

/// <summary>
/// PBKDF2-HMAC-SHA512 with 210,000 rounds and 16 bytes of salt, stored as <c>pbkdf2-sha512$rounds$salt$hash</c>. One hash costs about 0.7 s of a core,
/// so at most <see cref="LanesMax"/> run at a time: otherwise a few dozen logins a second would stop the server.
/// </summary>
public sealed class PasswordHasher
{
    private const int Rounds = 210_000;
    private const int LanesMax = 2;
    private const int WaitingMax = 64;

    // What a login with an unknown name is checked against, so that it takes as long as any other.
    private static readonly string NobodyHash = Format(new byte[16], new byte[64], Rounds);

    private readonly SemaphoreSlim _lanes = new(LanesMax);
    private int _waiting;

    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var hash = await DeriveAsync(password, salt, Rounds, cancellationToken);
        return Format(salt, hash, Rounds);
    }

    /// <param name="stored">The user's hash; null for a user that does not exist.</param>
    public async Task<bool> VerifyAsync(string password, string? stored, CancellationToken cancellationToken)
    {
        var parts = (stored ?? NobodyHash).Split('$');
        var rounds = int.Parse(parts[1], CultureInfo.InvariantCulture);
        var hash = await DeriveAsync(password, Convert.FromBase64String(parts[2]), rounds, cancellationToken);
        return CryptographicOperations.FixedTimeEquals(hash, Convert.FromBase64String(parts[3])) && stored is not null;
    }

    private static string Format(byte[] salt, byte[] hash, int rounds) =>
        string.Create(CultureInfo.InvariantCulture, $"pbkdf2-sha512${rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");

    private async Task<byte[]> DeriveAsync(string password, byte[] salt, int rounds, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > WaitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            throw Primitives.Errors.ErrorCodes.TooManyRequests.With("too many logins are under way; try again in a few seconds");
        }
        try
        {
            await _lanes.WaitAsync(cancellationToken);
            try
            {
                return await Task.Run(() => Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, rounds, HashAlgorithmName.SHA512, 64), cancellationToken);
            }
            finally
            {
                _lanes.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
